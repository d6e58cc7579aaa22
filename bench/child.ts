import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const ROOT = join(import.meta.dirname, "..");

/** Builds the package where its sources are newer: processes are measured as they are installed. */
export function ensureBuilt(): void {
  const built = statSync(join(ROOT, "dist", "index.js"), { throwIfNoEntry: false });
  const sources = globSync("src/**/*", { cwd: ROOT }).map((file) => statSync(join(ROOT, file)));
  if (built !== undefined && sources.every(({ mtimeMs }) => mtimeMs < built.mtimeMs)) return;
  const { status } = spawnSync(process.execPath, [join(ROOT, "scripts", "build.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error("the package cannot be built: run `npm run build`");
}

/** A process of Node on its own, whose standard output is read line by line. */
export class Child {
  /** Milliseconds since 1970, just before it was started. */
  readonly startedAt: number;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  /** What it said besides; shown where it fails. */
  #complaint = "";
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment };
    this.startedAt = performance.timeOrigin + performance.now();
    this.#process = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
    this.#ended = once(this.#process, "close");
    const { stdout, stderr } = this.#process;
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    stderr.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
  }

  /** What it says next; throws where it ends without. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) {
      await this.#ended;
      throw new Error(`${this.#process.spawnargs.join(" ")} ended too early: ${this.#complaint}`);
    }
    return value;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** Waits until it has ended, and throws where it failed. */
  async end(): Promise<void> {
    await this.#ended;
    const { exitCode, spawnargs } = this.#process;
    if (exitCode === 0) return;
    throw new Error(`${spawnargs.join(" ")} ended with ${exitCode}: ${this.#complaint}`);
  }
}

/** Milliseconds since a process was started. */
export function msSince(child: Child): number {
  return performance.timeOrigin + performance.now() - child.startedAt;
}
