import { StoreFault } from "../../../src/store/store.ts";
import type { PlanStatus } from "../../../src/core/plan/plan.ts";
import { readBook } from "../check/read-book.ts";
import type { Place } from "./place.ts";

const PATIENCE_MS = 60_000;

/**
 * What whoever ran a plan does when that was killed: what had not been stored is run again, what had
 * been is decided on as far as that is missing, and a worker carries it on. Says whether it had been.
 */
export async function goOn(place: Place, run: readonly string[]): Promise<boolean> {
  const plan = await findPlan(place);
  if (plan === null) {
    await carryOut(place, run);
    return false;
  }
  const words = MISSING[plan.status];
  if (words !== null) await carryOut(place, ["plan", ...words(plan.id)]);
  await carryOut(place, ["worker", "--until-idle"]);
  return true;
}

/** Carries out one command line, in a process of its own, to its good end. */
export async function carryOut(place: Place, words: readonly string[]): Promise<readonly string[]> {
  await using spawned = place.start(words);
  await spawned.endsWith(0, PATIENCE_MS);
  return spawned.lines;
}

/** What a plan still needs before a worker takes it up. */
const MISSING: Readonly<Record<PlanStatus, ((id: string) => readonly string[]) | null>> = {
  draft: (id) => ["submit", id, "--approve", "--start"],
  "pending-approval": (id) => ["approve", id, "--start"],
  approved: (id) => ["start", id],
  executing: null,
  completed: null,
  failed: null,
  cancelled: null,
  rejected: null,
};

async function findPlan(place: Place): Promise<{ id: string; status: PlanStatus } | null> {
  try {
    const { logs } = await readBook(place.store);
    return logs.find(({ row }) => row.parentPlanId === null)?.row ?? null;
  } catch (error) {
    // Killed before there was a store, or before it had its tables.
    if (StoreFault.is(error) && (error.code === "unreachable" || error.code === "unsupported")) {
      return null;
    }
    throw error;
  }
}
