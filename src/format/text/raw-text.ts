import type { Json } from "../../core/json.ts";
import type { OffsetFault } from "./text-fault.ts";

/** Where a value stands, and the key that names it; a root and an item of a list have no key. */
export interface Spot {
  readonly keyOffset: number | null;
  readonly valueOffset: number;
  /** How many parts of the path there really are in the text. */
  readonly depth: number;
}

/** A text as data, with the way back from the data to the text. */
export interface RawText {
  readonly value: Json;
  /** The spot of each path, or of what is nearest above it. */
  locate(paths: readonly (readonly string[])[]): readonly Spot[];
}

/** A text as data, or all that is wrong with it as a text. */
export type RawResult =
  | { readonly ok: true; readonly raw: RawText }
  | { readonly ok: false; readonly faults: readonly OffsetFault[] };

/** More faults than anybody reads help nobody. */
export const TEXT_FAULTS_MAX = 100;
