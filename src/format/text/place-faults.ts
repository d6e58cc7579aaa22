import type { Fault } from "../../core/graph/fault.ts";
import type { RawText, Spot } from "./raw-text.ts";
import { createPlaces, type OffsetFault, type Place, type TextFault } from "./text-fault.ts";

/** A text that was read, and where in the whole document its own root stands. */
export interface Source {
  readonly text: string;
  readonly file: string | undefined;
  readonly path: readonly string[];
  readonly raw: RawText;
}

/** Faults that are about a key, not about the value behind it. */
const KEY_CODES: ReadonlySet<string> = new Set([
  "unknown-field",
  "invalid-key",
  "field-not-for-kind",
]);

/** Gives each fault its line and column in the text it comes from, in the order of the texts. */
export function placeFaults(
  faults: readonly Fault[],
  sources: readonly Source[],
): readonly TextFault[] {
  // The innermost text is asked first.
  const inward = sources.toSorted((left, right) => right.path.length - left.path.length);
  const bySource = Map.groupBy(faults, (fault) => {
    const path = pathOf(fault.pointer);
    return inward.find((source) => source.path.every((part, index) => path[index] === part));
  });
  return sources.flatMap((source) => placeInSource(bySource.get(source) ?? [], source));
}

/** The same for faults that were found in the text itself. */
export function placeOffsets(
  faults: readonly OffsetFault[],
  text: string,
  file: string | undefined,
): readonly TextFault[] {
  const placeOf = createPlaces(text);
  return faults.map(({ code, message, pointer, offset }) =>
    textFault({ code, message, pointer }, placeOf(offset), file),
  );
}

function placeInSource(faults: readonly Fault[], source: Source): readonly TextFault[] {
  const paths = faults.map((fault) => pathOf(fault.pointer).slice(source.path.length));
  const placeOf = createPlaces(source.text);
  const spots = source.raw.locate(paths);
  const placed = faults.map((fault, index) => {
    const spot = spots[index] ?? { keyOffset: null, valueOffset: 0, depth: 0 };
    const isThere = spot.depth === paths[index]?.length;
    const offset = offsetOf(spot, isThere && !KEY_CODES.has(fault.code), source.text);
    return textFault(fault, placeOf(offset), source.file);
  });
  return placed.toSorted((left, right) => left.line - right.line || left.column - right.column);
}

/** The value, where it begins on the line of its key; else the key says better what is meant. */
function offsetOf(spot: Spot, isValue: boolean, text: string): number {
  const { keyOffset, valueOffset } = spot;
  if (keyOffset === null) return valueOffset;
  const isSameLine = !text.slice(keyOffset, valueOffset).includes("\n");
  return isValue && isSameLine ? valueOffset : keyOffset;
}

function textFault(fault: Fault, place: Place, file: string | undefined): TextFault {
  const { code, message, pointer } = fault;
  const placed = { code, message, pointer, ...place };
  return file === undefined ? placed : { ...placed, file };
}

/** The parts of a JSON pointer. */
export function pathOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
