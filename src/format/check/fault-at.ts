import { pointerOf, type Fault } from "../../core/graph/fault.ts";

export type Path = readonly (string | number)[];

/** A fault at a path of the document. */
export function faultAt(code: string, path: Path, message: string): Fault {
  return { code, message, pointer: pointerOf(path) };
}

/** Faults of a part, as faults of the whole that it stands in. */
export function faultsBelow(path: Path, faults: readonly Fault[]): readonly Fault[] {
  const above = pointerOf(path);
  return faults.map((fault) => ({ ...fault, pointer: above + fault.pointer }));
}
