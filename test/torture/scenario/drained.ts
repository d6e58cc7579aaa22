import type { PlanDocument } from "../../../src/core/plan/document.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { countEvents, findFaults } from "../check/find-faults.ts";
import { witnessStep } from "../plan/draw-plan.ts";
import { carryOut } from "../process/go-on.ts";
import type { Place } from "../process/place.ts";
import { until } from "../process/until.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const PATIENCE_MS = 60_000;
const STEPS = 12;
const STEP_MS = 400;

/** Told to stop by SIGTERM: what runs ends and is put on record, and nothing else begins. */
export const drained: Scenario = {
  name: "drained",
  about:
    "SIGTERM in the middle: what runs ends, nothing is lost or run again, a worker completes it",
  mustHappen: ["drains"],
  run: (chance) => inPlace((place) => drain(place, chance)),
};

async function drain(place: Place, chance: Chance): Promise<Result> {
  const { witness } = place;
  const file = place.writePlan(slowPlan(place));
  await carryOut(place, ["plan", "submit", file, "--approve", "--start"]);
  await using worker = place.start(["worker"]);
  const lines = chance.between(1, STEPS, "lines");
  await until("some lines of steps", PATIENCE_MS, () => witness.read().length >= lines || null);
  worker.kill("SIGTERM");
  await worker.endsWith(0, PATIENCE_MS);
  const left = witness.findLiving();
  const begun = witness.read().filter(({ kind }) => kind === "start").length;
  await carryOut(place, ["worker", "--until-idle"]);
  const { faults, book } = await findFaults(place, worker.lines);
  const lost = countEvents(book, "attempt.lost");
  return {
    faults: [
      ...left.map((process) => `alive after its worker had drained: ${process}`),
      ...(lost === 0 ? [] : [`${lost} attempts were lost, although they could have ended`]),
      ...(begun < STEPS ? [] : ["every step had begun when the worker stopped"]),
      ...faults,
    ],
    figures: { drains: 1, "executions by then": begun },
  };
}

function slowPlan({ witness }: Place): PlanDocument {
  const steps = Array.from({ length: STEPS }, (_, index) => {
    const needs = index < 3 ? [] : [`step-${index - 3}`];
    return [`step-${index}`, witnessStep({ witness, effect: "once", ms: STEP_MS, needs })] as const;
  });
  const policy = { approval: "required", concurrency: 3, retry: { attempts: 1 } } as const;
  return { plan: "Stop in between", policy, steps: Object.fromEntries(steps) };
}
