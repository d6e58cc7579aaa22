import type { PlanDocument } from "../../../src/core/plan/document.ts";
import { countEvents, findFaults } from "../check/find-faults.ts";
import { readBook } from "../check/read-book.ts";
import { witnessStep } from "../plan/draw-plan.ts";
import { carryOut } from "../process/go-on.ts";
import type { Place } from "../process/place.ts";
import { until } from "../process/until.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const PATIENCE_MS = 60_000;
const STEPS = 12;

/** An owner that stands still for longer than its lease lasts: nobody else can have taken over. */
export const pausedOwner: Scenario = {
  name: "paused owner",
  about: "SIGSTOP beyond the lease, then SIGCONT: the owner goes on, and nothing is run again",
  mustHappen: ["pauses"],
  run: () => inPlace(pause),
};

async function pause(place: Place): Promise<Result> {
  const { witness } = place;
  const file = place.writePlan(plan(place));
  await using owner = place.start(["run", file, "--approve", "--jsonl"]);
  await until("some lines of steps", PATIENCE_MS, () => witness.read().length >= 6 || null);
  owner.kill("SIGSTOP");
  const refused = await findIntruders(place, owner.pid);
  await until("the end of the lease", PATIENCE_MS, async () => {
    const { leases } = await readBook(place.store);
    return leases.every(({ expiresAt }) => expiresAt < Date.now()) || null;
  });
  owner.kill("SIGCONT");
  await owner.endsWith(0, PATIENCE_MS);
  const { faults, book } = await findFaults(place, owner.lines);
  const lost = countEvents(book, "attempt.lost");
  return {
    faults: [
      ...refused,
      ...(lost === 0 ? [] : [`${lost} attempts were lost, although their worker lived`]),
      ...(book.leases.length === 1 ? [] : [`the owner had ${book.leases.length} leases, not one`]),
      ...faults,
    ],
    figures: { pauses: 1 },
  };
}

/** Nobody else gets the store meanwhile, and is told who has it; reading goes on. */
async function findIntruders(place: Place, ownerPid: number): Promise<readonly string[]> {
  await using other = place.start(["worker", "--until-idle"]);
  await other.endsWith(7, PATIENCE_MS);
  await carryOut(place, ["plan", "ls", "--json"]);
  const isNamed = other.stderr.includes(String(ownerPid));
  return isNamed ? [] : [`the refusal does not name process ${ownerPid}: ${other.stderr}`];
}

function plan({ witness }: Place): PlanDocument {
  const steps = Array.from({ length: STEPS }, (_, index) => {
    const needs = index < 3 ? [] : [`step-${index - 3}`];
    return [`step-${index}`, witnessStep({ witness, effect: "once", ms: 300, needs })] as const;
  });
  const policy = { approval: "required", concurrency: 3, retry: { attempts: 1 } } as const;
  return { plan: "Stand still", policy, steps: Object.fromEntries(steps) };
}
