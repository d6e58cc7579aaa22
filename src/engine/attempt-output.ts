import type { Lease } from "../core/step/lease.ts";
import type { ProgressChunk, Store } from "../store/store.ts";
import type { Runtime, Timer } from "./runtime.ts";

/** How long output may lie before it is stored. */
const BATCH_MS = 100;
/** What is kept of one attempt, in UTF-16 units; beyond it only the executor's own record remains. */
const KEPT_MAX = 2 * 1024 * 1024;

/** Keeps the live output of one attempt, in batches. */
export class AttemptOutput {
  readonly #lease: Lease;
  readonly #store: Store;
  readonly #runtime: Runtime;
  #chunks: ProgressChunk[] = [];
  #timer: Timer | null = null;
  #kept = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(lease: Lease, store: Store, runtime: Runtime) {
    this.#lease = lease;
    this.#store = store;
    this.#runtime = runtime;
  }

  write(stream: ProgressChunk["stream"], text: string): void {
    if (text === "" || this.#kept > KEPT_MAX) return;
    this.#kept += text.length;
    const { planId, stepKey, attempt } = this.#lease;
    const at = this.#runtime.now();
    this.#chunks.push({ planId, stepKey, attempt, stream, text, at });
    this.#timer ??= this.#runtime.setTimer(BATCH_MS, () => this.#keep());
  }

  /** Stores what has not been stored. Live output is not the truth: a store that cannot take it loses it. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    if (this.#chunks.length > 0) this.#keep();
    await this.#writing;
  }

  #keep(): void {
    this.#timer = null;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#writing = this.#writing
      .then(() => this.#store.appendProgress(chunks))
      .catch(() => undefined);
  }
}
