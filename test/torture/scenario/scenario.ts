import type { Chance } from "../../../src/testing/chance.ts";
import { Place } from "../process/place.ts";

/** What one run of a scenario came to. */
export interface Result {
  /** What was promised and did not hold; empty where all is well. */
  readonly faults: readonly string[];
  /** What was done to it and what it did, to be added up: a run in which nothing happened proves nothing. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why it could not be run here. */
  readonly notRun?: string;
}

/** One way to torture real processes. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Figures that may not stay 0 over all its runs: nothing would have been tried. */
  readonly mustHappen: readonly string[];
  /** All that varies is drawn from this. */
  run(chance: Chance): Promise<Result>;
}

/** Works in a place of its own, which is kept where something was wrong. */
export async function inPlace(
  work: (place: Place) => Promise<Result>,
  storeFolder?: string,
): Promise<Result> {
  const place = new Place(storeFolder);
  const result = await work(place).catch((error: unknown): Result => ({
    faults: [textOf(error)],
    figures: {},
  }));
  place.witness.endLiving();
  if (result.faults.length === 0) {
    place.remove();
    return result;
  }
  return { ...result, faults: [...result.faults, `all of it is in ${place.folder}`] };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
