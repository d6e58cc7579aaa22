import { StoreFault } from "../store.ts";

/** The largest content where the operator says nothing else: 1 GB. */
export const BYTES_MAX: number = 1024 * 1024 * 1024;

/** One form for what can be put. */
export async function* chunksOf(
  content: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Whether a text can name content; anything else never becomes a path (SEC-19). */
export function isContentHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function tooLarge(bytesMax: number): StoreFault {
  const limit = `${Math.floor(bytesMax / 1024)} KB`;
  return new StoreFault(
    "too-large",
    `an artifact is at most ${limit} large: split it, or raise the limit`,
  );
}
