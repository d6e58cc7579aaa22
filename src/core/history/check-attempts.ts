import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { refusalKey } from "./follow-step.ts";
import { subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

/** What the holder of an attempt tells of it. */
const SPEAKS: ReadonlySet<EventType> = new Set<EventType>([
  "attempt.failed",
  "check.passed",
  "check.failed",
  "step.succeeded",
  "step.failed",
]);

/** I5, I6, I13, I14: attempts are numbered, one at a time, begun in time and ended by their holder. */
export function* checkAttempts(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const step = subjectOf(before, event);
  if (step === null) return;
  if (step.phase === "running") yield* checkHolder(event, step);
  switch (event.type) {
    case "attempt.started":
      yield* checkStart(event, step);
      break;
    case "step.readied":
      yield* checkBackoff(event, step);
      break;
    case "attempt.failed":
    case "attempt.lost":
    case "check.passed":
    case "check.failed":
      yield* checkUnderWay(event, step);
      break;
    case "step.succeeded":
    case "step.failed":
    case "step.cancelled":
      yield* checkLast(event, step);
      break;
    case "attempt.refused":
      yield* checkRefusal(event, step);
      break;
    default:
  }
}

function* checkStart(
  event: PlanEventOf<"attempt.started">,
  step: StepTrail,
): Generator<Finding, void> {
  const number = event.attempt ?? 0;
  if (!Number.isInteger(number) || number <= step.attempt) {
    const message = `attempt ${number} starts after attempt ${step.attempt}: numbers only grow`;
    yield { invariant: "I5", message };
  }
  if (step.phase === "running") {
    const message = `attempt ${number} starts, and nothing has ended attempt ${step.attempt}`;
    yield { invariant: "I14", message };
  }
  if (step.notBefore !== null && event.time < step.notBefore) {
    yield { invariant: "I13", message: `attempt ${number} starts before ${step.notBefore}` };
  }
  yield* checkCounts(event, step);
}

/** A worker speaks for the attempts that it holds, and for no other. */
function* checkHolder(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  const holder = holderNamedBy(event);
  if (holder === null || holder === step.workerId) return;
  const message = `${event.type} comes from ${holder}; ${step.workerId} holds the attempt`;
  yield { invariant: "I14", message };
}

function holderNamedBy(event: PlanEvent): string | null {
  if (event.type === "attempt.lost") return event.data.workerId;
  if (!SPEAKS.has(event.type) || event.actor.kind !== "worker") return null;
  return event.actor.id;
}

/** What the attempt says of those before it is what was told of them. */
function* checkCounts(
  event: PlanEventOf<"attempt.started">,
  step: StepTrail,
): Generator<Finding, void> {
  const { failures, recoveries } = event.data;
  if (failures === step.failures && recoveries === step.recoveries) return;
  const message =
    `the attempt counts ${failures} failures and ${recoveries} recoveries before it; ` +
    `there were ${step.failures} and ${step.recoveries}`;
  yield { invariant: "I14", message };
}

/** A backoff that was announced is kept when the step stands in line again. */
function* checkBackoff(
  event: PlanEventOf<"step.readied">,
  step: StepTrail,
): Generator<Finding, void> {
  if (step.phase !== "between" || step.notBefore === null) return;
  const earliest = event.data.notBefore ?? event.time;
  if (earliest < step.notBefore) {
    const message = `the step may start from ${earliest}; its backoff ends at ${step.notBefore}`;
    yield { invariant: "I13", message };
  }
}

/** What an attempt reports is of the attempt under way. */
function* checkUnderWay(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  if (event.attempt === step.attempt || step.phase === "waiting") return;
  const message = `${event.type} of attempt ${event.attempt}; attempt ${step.attempt} is under way`;
  yield { invariant: "I14", message };
}

/** A step ends by its last attempt; an attempt under way is named. */
function* checkLast(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  const isNamed = event.attempt !== undefined;
  if (isNamed ? event.attempt === step.attempt : step.phase !== "running") return;
  const named = event.attempt ?? "none";
  const message = `${event.type} names attempt ${named}; the last is ${step.attempt}`;
  yield { invariant: "I6", message };
}

/** Only what no longer counts is refused, and told once to each who brings it. */
function* checkRefusal(
  event: PlanEventOf<"attempt.refused">,
  step: StepTrail,
): Generator<Finding, void> {
  const { attempt, data } = event;
  const isOwn = data.workerId === step.workerId;
  if (attempt === step.attempt && step.phase === "running" && isOwn) {
    yield { invariant: "I5", message: `attempt ${attempt} is refused while it is under way` };
  }
  if (data.current !== step.attempt) {
    const message = `the refusal calls attempt ${data.current} the last; it is ${step.attempt}`;
    yield { invariant: "I5", message };
  }
  if (step.refused.includes(refusalKey(event))) {
    yield { invariant: "I5", message: `attempt ${attempt} is refused a second time` };
  }
}
