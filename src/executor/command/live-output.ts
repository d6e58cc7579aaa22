import type { ExecutionContext } from "../../engine/executor.ts";
import type { Timer } from "../../engine/runtime.ts";
import { createTextDecoder } from "./decode-text.ts";

export type OutputStream = "stdout" | "stderr";

const FLUSH_MS = 100;

/**
 * Tells output while it comes: in the order in which it came, at most ten times a second, and as
 * well-formed text however the bytes were cut. Control characters stay what they are; who shows
 * them escapes them.
 */
export class LiveOutput implements Disposable {
  readonly #context: Pick<ExecutionContext, "write" | "heartbeat" | "runtime">;
  readonly #decoders = { stdout: createTextDecoder(), stderr: createTextDecoder() };
  readonly #left: Record<OutputStream, number>;
  #waiting: { stream: OutputStream; texts: string[] }[] = [];
  #timer: Timer | null = null;

  constructor(
    context: Pick<ExecutionContext, "write" | "heartbeat" | "runtime">,
    bytesMax: number,
  ) {
    this.#context = context;
    this.#left = { stdout: bytesMax, stderr: bytesMax };
  }

  add(stream: OutputStream, chunk: Buffer): void {
    const left = this.#left[stream];
    if (left < 0) {
      this.#context.heartbeat();
      return;
    }
    this.#left[stream] = left - chunk.length;
    this.#put(stream, this.#decoders[stream].decode(chunk.subarray(0, left), { stream: true }));
    if (chunk.length > left) this.#put(stream, "\n[more output came and was not followed]\n");
  }

  /** Tells what is left, incomplete characters too. */
  [Symbol.dispose](): void {
    for (const stream of ["stdout", "stderr"] as const) {
      this.#put(stream, this.#decoders[stream].decode());
    }
    this.#flush();
  }

  #put(stream: OutputStream, text: string): void {
    if (text === "") return;
    const last = this.#waiting.at(-1);
    if (last?.stream === stream) last.texts.push(text);
    else this.#waiting.push({ stream, texts: [text] });
    this.#timer ??= this.#context.runtime.setTimer(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { stream, texts } of waiting) this.#context.write(stream, texts.join(""));
  }
}
