/** What was kept of one stream of a command. */
export interface CapturedOutput {
  /** All of it; or its beginning and its end with a line between them that says what was cut. */
  readonly bytes: Buffer;
  /** How much came, kept or not. */
  readonly total: number;
  readonly cut: boolean;
}

/** The end is kept too: that is where a command says why it failed. */
const TAIL_SHARE = 1 / 16;

/** Keeps a stream up to a limit, however much comes. */
export class OutputKeeper {
  readonly #headMax: number;
  readonly #tailMax: number;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;
  #total = 0;

  constructor(bytesMax: number) {
    this.#tailMax = Math.floor(bytesMax * TAIL_SHARE);
    this.#headMax = bytesMax - this.#tailMax;
  }

  get total(): number {
    return this.#total;
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const fits = Math.min(chunk.length, this.#headMax - this.#headSize);
    if (fits > 0) {
      this.#head.push(chunk.subarray(0, fits));
      this.#headSize += fits;
    }
    if (fits < chunk.length) this.#addToTail(chunk.subarray(fits));
  }

  finish(): CapturedOutput {
    const dropped = this.#total - this.#headSize - Math.min(this.#tailSize, this.#tailMax);
    const tail = Buffer.concat(this.#tail).subarray(-this.#tailMax);
    const head = Buffer.concat(this.#head);
    if (dropped <= 0) return { bytes: Buffer.concat([head, tail]), total: this.#total, cut: false };
    const notice = Buffer.from(`\n[${dropped} bytes of output were cut here]\n`);
    return { bytes: Buffer.concat([head, notice, tail]), total: this.#total, cut: true };
  }

  /** Chunks are joined when there is twice of what is kept, so that each byte is copied once or twice. */
  #addToTail(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#tailSize += chunk.length;
    if (this.#tailSize < 2 * this.#tailMax) return;
    const kept = Buffer.from(Buffer.concat(this.#tail).subarray(-this.#tailMax));
    this.#tail = [kept];
    this.#tailSize = kept.length;
  }
}
