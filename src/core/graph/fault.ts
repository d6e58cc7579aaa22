/** Something wrong in a text or a value, with its place. */
export interface Fault {
  /** Stable and hyphenated: `unknown-need`, `cycle`, … */
  readonly code: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** RFC 6901, into the document. */
  readonly pointer: string;
}

/** A fault with its place in the file it came from; lines and columns count from 1. */
export interface PlacedFault extends Fault {
  readonly line: number;
  readonly column: number;
}

/** A JSON pointer of the given path (RFC 6901). */
export function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
