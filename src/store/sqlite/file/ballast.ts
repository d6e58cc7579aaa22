import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";

const CHUNK = new Uint8Array(1024 * 1024);

/**
 * Room that is kept for the end (S12): a file that is thrown away when the disk is full, so that
 * what winds work down can still be written.
 */
export class Ballast {
  readonly #path: string;
  readonly #sizeBytes: number;

  constructor(path: string, sizeBytes: number) {
    this.#path = path;
    this.#sizeBytes = sizeBytes;
  }

  /** Where there is no room for it, there is none: that is no reason not to start. */
  fill(): void {
    const existing = statSync(this.#path, { throwIfNoEntry: false });
    if (this.#sizeBytes === 0 || existing?.size === this.#sizeBytes) return;
    try {
      this.#write();
    } catch {
      this.drop();
    }
  }

  drop(): void {
    rmSync(this.#path, { force: true });
  }

  /**
   * Not synced, which would cost 10 ms of every first start (`bench/start.ts`): the room is taken at
   * once, and what a crash leaves of a file that is too short is written anew at the next start.
   */
  #write(): void {
    const file = openSync(this.#path, "w", 0o600);
    try {
      for (let left = this.#sizeBytes; left > 0; left -= CHUNK.length) {
        writeSync(file, CHUNK, 0, Math.min(left, CHUNK.length));
      }
    } finally {
      closeSync(file);
    }
  }
}
