import type { EventType, PlanEvent, PlanEventOf, WaitReason } from "../plan/event.ts";
import { isSameJson } from "./is-same-json.ts";
import { subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const PASSES: ReadonlySet<EventType> = new Set<EventType>(["step.readied", "attempt.started"]);
/** A step may wait for these before anybody has asked whether it may begin. */
const HELD_UP: ReadonlySet<WaitReason> = new Set<WaitReason>(["gate", "failed", "fallback"]);

/** I10 and I17: no attempt without the word that it needs, and no word used twice. */
export function* checkGates(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if (event.type === "approval.consumed") yield* checkConsumed(event, before);
  const step = subjectOf(before, event);
  if (step === null) return;
  if (step.text.isGated && step.starts === 0) yield* checkGate(event, step);
  if (event.type === "attempt.started" && step.isInDoubt) {
    const message =
      "a new attempt, and nobody has answered whether the effect of the last one happened";
    yield { invariant: "I17", message };
  }
}

function* checkGate(event: PlanEvent, step: StepTrail): Generator<Finding, void> {
  const isPast = PASSES.has(event.type) || isPassedByItself(event, step);
  if (isPast && !step.isGateOpen) {
    yield { invariant: "I10", message: `${event.type}, and its gate was not answered with yes` };
  }
  if (event.type !== "attempt.started") return;
  if (step.consumed !== 1) {
    const message = `the first attempt uses up ${step.consumed} approvals; its gate asks for one`;
    yield { invariant: "I10", message };
  }
  const input = event.data.input ?? step.text.input;
  if (step.shown === undefined || isSameJson(step.shown, input)) return;
  yield { invariant: "I10", message: "the attempt's input is not the one that was approved" };
}

function isPassedByItself(event: PlanEvent, step: StepTrail): boolean {
  if (!step.text.opensItself || event.type !== "step.waiting") return false;
  return !HELD_UP.has(event.data.reason);
}

function* checkConsumed(
  event: PlanEventOf<"approval.consumed">,
  before: Trail,
): Generator<Finding, void> {
  const fault = faultOfConsumed(event, before);
  if (fault !== null) yield { invariant: "I10", message: `${event.data.requestId} ${fault}` };
}

function faultOfConsumed(event: PlanEventOf<"approval.consumed">, before: Trail): string | null {
  const request = before.requests.get(event.data.requestId);
  if (request === undefined) return "was never asked";
  const { created, status, isConsumed } = request;
  if (created.data.reason !== "gate") return "is no gate";
  if (status !== "decided") return `is used up while it is ${status}`;
  if (isConsumed) return "is used up a second time";
  if (created.stepKey !== event.stepKey) return `is of ${created.stepKey}, not of ${event.stepKey}`;
  const isBound = created.data.subjectDigest === event.data.digest;
  return isBound ? null : "was given for something else: the digests differ";
}
