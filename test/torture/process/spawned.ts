import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { until } from "./until.ts";

/** How a process ended: of code and signal one is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What has been started here and not ended yet: nothing of it may outlive this process. */
const LIVING = new Set<Spawned>();
process.once("exit", () => {
  for (const one of LIVING) one.end();
});

/** A real process in a group of its own, which signals reach and nobody else. */
export class Spawned implements AsyncDisposable {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  #stdout = "";
  #stderr = "";
  #exit: Exit | null = null;

  constructor([file = "", ...args]: readonly string[], options: SpawnOptions) {
    this.#process = spawn(file, args, {
      ...options,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#closed = once(this.#process, "close");
    this.#process.once("close", (code, signal) => {
      this.#exit = { code, signal };
      LIVING.delete(this);
    });
    this.#process.stdout?.setEncoding("utf8").on("data", (text) => (this.#stdout += text));
    this.#process.stderr?.setEncoding("utf8").on("data", (text) => (this.#stderr += text));
    if (this.#process.pid === undefined) throw new Error(`${file} cannot be started`);
    this.pid = this.#process.pid;
    LIVING.add(this);
  }

  /** Whole lines of standard output: one that a kill has cut short is none. */
  get lines(): readonly string[] {
    return this.#stdout.split("\n").slice(0, -1);
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Null while it lives, or while somebody else still holds its output. */
  get exit(): Exit | null {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it with all of its group: a child of its own may hold its output. */
  end(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }

  /** Waits for its end; throws, with what it said, where that does not come in time. */
  async ended(withinMs: number): Promise<Exit> {
    return until(`the end of ${this.title}`, withinMs, () => this.#exit);
  }

  /** Waits for its end, and throws where it was another than this one. */
  async endsWith(code: number, withinMs: number): Promise<void> {
    const exit = await this.ended(withinMs);
    if (exit.code === code) return;
    const how = exit.code ?? exit.signal;
    throw new Error(`${this.title} ended with ${how} instead of ${code}: ${this.#said()}`);
  }

  /** Its command line and number, to be told. */
  get title(): string {
    return `${this.#process.spawnargs.slice(1).join(" ")} (${this.pid})`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exit === null) this.end();
    await this.#closed;
  }

  #said(): string {
    return (this.#stderr.trim() || this.#stdout.trim()).slice(-2000);
  }
}
