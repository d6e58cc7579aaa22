import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import { countEvents } from "../check/find-faults.ts";
import { findExecutionFaults } from "../check/execution-faults.ts";
import { findLogFaults } from "../check/log-faults.ts";
import { readBook, type Book } from "../check/read-book.ts";
import { witnessStep } from "../plan/draw-plan.ts";
import { carryOut } from "../process/go-on.ts";
import type { Place } from "../process/place.ts";
import { until } from "../process/until.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const PATIENCE_MS = 60_000;
/** Longer than anybody here waits. */
const FOR_EVER_MS = 300_000;

/** A command that ignores SIGTERM, and its step's timeout. */
export const deafToTimeout: Scenario = {
  name: "deaf to its timeout",
  about: "a command that ignores SIGTERM is ended all the same, and its step fails by its timeout",
  mustHappen: ["deaf commands"],
  run: () => inPlace(timeOut),
};

/** A command that ignores SIGTERM, and a worker that is told to stop. */
export const deafToDrain: Scenario = {
  name: "deaf to a drain",
  about:
    "a worker that is told to stop ends a command that ignores SIGTERM, and lets go of its step",
  mustHappen: ["deaf commands"],
  run: () => inPlace(drain),
};

async function timeOut(place: Place): Promise<Result> {
  const file = place.writePlan(deafPlan(place, { timeout: "1s" }));
  await using owner = place.start(["run", file, "--approve", "--jsonl"]);
  await owner.endsWith(1, PATIENCE_MS);
  const book = await readBook(place.store);
  const failed = book.logs
    .flatMap(({ events }) => events)
    .find(({ type }) => type === "step.failed");
  const code = failed?.type === "step.failed" ? failed.data.error.code : "nothing";
  const wrong = code === "timeout" ? [] : [`the step failed by ${code}, not by its timeout`];
  return { faults: [...wrong, ...findCommonFaults(place, book)], figures: { "deaf commands": 1 } };
}

async function drain(place: Place): Promise<Result> {
  const file = place.writePlan(deafPlan(place, {}));
  await carryOut(place, ["plan", "submit", file, "--approve", "--start"]);
  await using worker = place.start(["worker"]);
  await until("the step's start", PATIENCE_MS, () => place.witness.read().length > 0 || null);
  worker.kill("SIGTERM");
  await worker.endsWith(0, PATIENCE_MS);
  const book = await readBook(place.store);
  const [log] = book.logs;
  if (log !== undefined) await carryOut(place, ["plan", "cancel", log.row.id]);
  const lost = countEvents(book, "attempt.lost");
  const wrong = lost === 1 ? [] : [`${lost} attempts were let go of, not one`];
  return { faults: [...wrong, ...findCommonFaults(place, book)], figures: { "deaf commands": 1 } };
}

function findCommonFaults({ witness }: Place, book: Book): readonly string[] {
  return [
    ...witness.findLiving().map((process) => `still alive: ${process}`),
    ...findLogFaults(book),
    ...findExecutionFaults(witness.read(), book),
  ];
}

function deafPlan({ witness }: Place, more: Partial<StepDocument>): PlanDocument {
  const step = witnessStep({ witness, effect: "repeatable", ms: FOR_EVER_MS, kind: "deaf" });
  const policy = { approval: "required", retry: { attempts: 1 } } as const;
  return { plan: "Do not listen", policy, steps: { deaf: { ...step, ...more } } };
}
