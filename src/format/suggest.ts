import { nearest } from "../core/graph/nearest.ts";

/** The end of a sentence that names what was probably meant, or nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  const name = nearest(given, known);
  return name === null ? "" : `; did you mean "${name}"?`;
}
