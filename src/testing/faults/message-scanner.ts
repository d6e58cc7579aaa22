/** One message of the Postgres protocol, as far as it is looked at. */
export interface Message {
  /** One letter; empty for what a client says before its first typed message. */
  readonly type: string;
  /** The beginning of its body, where its type is looked at. */
  readonly head: Buffer;
  /** Where it ends in the chunk that completed it. */
  readonly end: number;
}

const HEAD_BYTES = 1024;
const LENGTH_BYTES = 4;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Finds the messages in a stream of bytes, however they are cut into chunks. It keeps no more of
 * them than the beginnings of those whose types were named, and answers nonsense with nonsense: what
 * is no Postgres connection has no messages worth finding.
 */
export class MessageScanner {
  /** Whether messages begin with a letter. Those before a client's start-up is through do not. */
  isTyped: boolean;
  readonly #wanted: string;
  #header: Buffer = NOTHING;
  #head: Buffer = NOTHING;
  #left = 0;

  constructor({ isTyped, wanted }: { readonly isTyped: boolean; readonly wanted: string }) {
    this.isTyped = isTyped;
    this.#wanted = wanted;
  }

  /** The messages that this chunk completes. */
  *scan(chunk: Buffer): Generator<Message, void> {
    let at = 0;
    while (at < chunk.length) {
      if (!this.#hasHeader) {
        at += this.#readHeader(chunk.subarray(at));
        if (!this.#hasHeader) return;
      }
      at += this.#readBody(chunk.subarray(at));
      if (this.#left > 0) return;
      const message = { type: this.#type, head: this.#head, end: at };
      this.#header = NOTHING;
      this.#head = NOTHING;
      yield message;
    }
  }

  get #hasHeader(): boolean {
    return this.#header.length === this.#headerBytes;
  }

  get #headerBytes(): number {
    return LENGTH_BYTES + (this.isTyped ? 1 : 0);
  }

  get #type(): string {
    return this.isTyped ? this.#header.toString("latin1", 0, 1) : "";
  }

  #readHeader(rest: Buffer): number {
    const taken = rest.subarray(0, this.#headerBytes - this.#header.length);
    this.#header = Buffer.concat([this.#header, taken]);
    if (this.#hasHeader) {
      // The length counts itself.
      const length = this.#header.readUInt32BE(this.#headerBytes - LENGTH_BYTES);
      this.#left = Math.max(0, length - LENGTH_BYTES);
    }
    return taken.length;
  }

  #readBody(rest: Buffer): number {
    const taken = rest.subarray(0, this.#left);
    this.#left -= taken.length;
    const room = HEAD_BYTES - this.#head.length;
    if (room > 0 && taken.length > 0 && (!this.isTyped || this.#wanted.includes(this.#type))) {
      this.#head = Buffer.concat([this.#head, taken.subarray(0, room)]);
    }
    return taken.length;
  }
}
