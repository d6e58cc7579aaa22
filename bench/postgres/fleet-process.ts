import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { FleetOrder } from "./fleet-order.ts";

const CHILD = join(import.meta.dirname, "fleet-child.ts");

/** A process of a fleet, from outside: lines go in, lines come out. */
export class FleetProcess {
  /** Rejects where it ends before it is told to. */
  readonly failed: Promise<never>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  #isEnding = false;
  #complaint = "";

  /** @param from the package as it is written, or as it was built */
  constructor(
    order: FleetOrder,
    onLine: (line: string) => void,
    from: "source" | "installed" = "source",
  ) {
    const conditions = from === "source" ? ["--conditions=source"] : [];
    const args = [...conditions, CHILD, JSON.stringify(order)];
    this.#process = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#ended = once(this.#process, "close");
    const { stdout, stderr } = this.#process;
    createInterface({ input: stdout }).on("line", onLine);
    stderr.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
    this.failed = this.#ended.then(() => {
      if (this.#isEnding) return new Promise<never>(() => undefined);
      throw new Error(`${order.name} ended by itself: ${this.#complaint}`);
    });
    this.failed.catch(() => undefined);
  }

  say(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#isEnding = true;
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** Lets what runs end. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#process.stdin.end();
    await this.#ended;
  }
}
