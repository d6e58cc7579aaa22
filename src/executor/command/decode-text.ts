import { TextDecoder } from "node:util";

/** Makes well-formed text of bytes: what is no UTF-8 becomes U+FFFD, a byte order mark stays. */
export function createTextDecoder(): TextDecoder {
  return new TextDecoder("utf-8", { ignoreBOM: true });
}

/** All of some bytes as text. */
export function decodeText(bytes: Uint8Array): string {
  return createTextDecoder().decode(bytes);
}
