import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

/** Events that must be about a step. */
const NAMES_STEP = /^(?:step|attempt|check|child)\.|^approval\.consumed$/;

const NAMES_DIGEST: ReadonlySet<EventType> = new Set<EventType>([
  "plan.created",
  "plan.submitted",
  "plan.approved",
  "plan.rejected",
]);

/** I22: what is told is told of the one text that was approved, and of steps that stand in it. */
export function* checkText(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if (NAMES_DIGEST.has(event.type)) yield* checkDigest(event, before);
  const step = subjectOf(before, event);
  if (step !== null) yield* checkDefinition(event, step);
  else if (event.stepKey !== undefined || NAMES_STEP.test(event.type)) {
    const named = event.stepKey ?? "no step";
    yield { invariant: "I22", message: `${event.type} names ${named}: the plan has none such` };
  }
}

function* checkDigest(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const { number, digest } = before.revision;
  if ("digest" in event.data && event.data.digest !== digest) {
    const message = `${event.type} names ${event.data.digest}; revision ${number} is ${digest}`;
    yield { invariant: "I22", message };
  }
  if (event.type === "plan.created" && event.data.revision !== number) {
    const message = `the plan begins with revision ${event.data.revision}, not ${number}`;
    yield { invariant: "I22", message };
  }
}

function* checkDefinition(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  if (event.type === "attempt.started") yield* checkEffect(event, step);
  if (event.type === "step.expanded") yield* checkList(event, step);
}

function* checkEffect(
  event: PlanEventOf<"attempt.started">,
  step: StepTrail,
): Generator<Finding, void> {
  const { effect } = step.text;
  if (effect === null || effect === event.data.effect) return;
  const message = `the attempt's effect is ${event.data.effect}; the text says ${effect}`;
  yield { invariant: "I22", message };
}

function* checkList(
  event: PlanEventOf<"step.expanded">,
  step: StepTrail,
): Generator<Finding, void> {
  const told = event.data.concurrency ?? null;
  if (told === step.text.childrenMax) return;
  const message = `the list lets ${told} children go at once; the text says ${step.text.childrenMax}`;
  yield { invariant: "I22", message };
}
