import type { Limits } from "../limits.ts";
import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const LETS_GO: ReadonlySet<EventType> = new Set<EventType>(["step.readied", "step.waiting"]);

/** I12 and I15: nothing is tried, repeated, made or run side by side beyond its limit. */
export function* checkLimits(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if (event.type === "plan.created") yield* checkPlan(event, before);
  const step = subjectOf(before, event);
  if (step === null) return;
  const { limits } = before;
  if (event.type === "step.expanded") yield* checkList(event, before);
  if (event.type === "step.succeeded") yield* checkOutput(event, limits);
  if (event.type === "attempt.failed") yield* checkRetry(event, step);
  if (event.type === "attempt.started") {
    yield* checkTakes(event, step);
    yield* checkRepeats(step, limits);
    yield* checkConcurrency(before);
  }
  yield* checkChildren(event, step);
}

function* checkPlan(event: PlanEventOf<"plan.created">, before: Trail): Generator<Finding, void> {
  const { limits, parent } = event.data;
  const depth = parent?.depth ?? 0;
  yield* atMost(before.text.steps.size, limits.stepsMax, "steps");
  yield* atMost(depth, limits.depthMax, "plans within each other");
  for (const { key, needs } of before.text.steps.values()) {
    yield* atMost(needs.length, limits.needsPerStepMax, `needs of ${key}`);
  }
}

function* checkList(event: PlanEventOf<"step.expanded">, before: Trail): Generator<Finding, void> {
  const { length } = event.data.items;
  yield* atMost(length, before.limits.forEachMax, "items of one list");
  yield* atMost(before.steps.size + length, before.limits.stepsMax, "steps, children among them");
}

/** A text has at least as many bytes as UTF-16 units, so nothing within the limit is blamed. */
function* checkOutput(
  event: PlanEventOf<"step.succeeded">,
  limits: Limits,
): Generator<Finding, void> {
  const size = JSON.stringify(event.data.output).length;
  // What no attempt brought may be the outputs of a whole list.
  const max = event.attempt === undefined ? limits.listBytesMax : limits.valueBytesMax;
  yield* atMost(size, max, "bytes of one output");
}

/** Another attempt is announced only while there is one left. */
function* checkRetry(
  event: PlanEventOf<"attempt.failed">,
  step: StepTrail,
): Generator<Finding, void> {
  const { retryAt, feedback } = event.data;
  if (retryAt === undefined) return;
  if (feedback === undefined) yield* atMost(step.failures + 2, step.text.attemptsMax, "attempts");
  else yield* atMost(step.loops + 1, step.text.loopsMax, "rounds of verification");
}

/** A start is within its limits, or at the very counts at which a person let it go on. */
function* checkRepeats(step: StepTrail, limits: Limits): Generator<Finding, void> {
  const { failures, recoveries, loops, excused, text } = step;
  if (failures > excused.failures) yield* atMost(failures + 1, text.attemptsMax, "attempts");
  if (loops > excused.loops) yield* atMost(loops, text.loopsMax, "rounds of verification");
  if (recoveries > excused.recoveries) {
    yield* atMost(recoveries, limits.recoveriesMax - 1, "recoveries before it is set aside");
  }
}

/** An attempt takes one of what its text names, and of nothing else. */
function* checkTakes(
  { data: { takes = [] } }: PlanEventOf<"attempt.started">,
  step: StepTrail,
): Generator<Finding, void> {
  for (const [index, key] of takes.entries()) {
    if (step.text.shares.has(key) && !takes.includes(key, index + 1)) continue;
    yield {
      invariant: "I15",
      message: `it takes of ${key}, which is not its own or taken already`,
    };
  }
}

function* checkConcurrency(before: Trail): Generator<Finding, void> {
  const { concurrency } = before.text;
  if (before.running < concurrency) return;
  const message = `${before.running + 1} attempts at once; the plan allows ${concurrency}`;
  yield { invariant: "I15", message };
}

/** A child that is let go takes up a place until it has ended, also while it waits. */
function* checkChildren(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  const { parent } = step;
  if (parent === null || parent.childrenMax === null || step.phase !== "pending") return;
  if (!LETS_GO.has(event.type) || parent.childrenUnderWay < parent.childrenMax) return;
  const count = parent.childrenUnderWay + 1;
  const message = `${count} children at once; the list allows ${parent.childrenMax}`;
  yield { invariant: "I15", message };
}

function* atMost(count: number, max: number, what: string): Generator<Finding, void> {
  if (count <= max) return;
  yield { invariant: "I12", message: `${count} ${what}, and the limit is ${max}` };
}
