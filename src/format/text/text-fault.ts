import type { Fault, PlacedFault } from "../../core/graph/fault.ts";

/** A fault with its place; `file` names the file that it stands in, where there is one. */
export interface TextFault extends PlacedFault {
  readonly file?: string;
}

/** A fault that knows where in its text it stands. */
export interface OffsetFault extends Fault {
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
}

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets of one text into lines and columns. */
export function createPlaces(text: string): (offset: number) => Place {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}
