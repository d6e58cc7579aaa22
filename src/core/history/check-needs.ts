import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { isCalled, joinState } from "./join-state.ts";
import { isEnded, subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const LETS_GO: ReadonlySet<EventType> = new Set<EventType>([
  "step.readied",
  "step.waiting",
  "step.expanded",
]);

/** I7: nothing is let go before what it needs has ended as its join demands, nor passed over early. */
export function* checkNeeds(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const step = subjectOf(before, event);
  if (step === null) return;
  if (event.type === "step.skipped") yield* checkSkip(event, step, before);
  const isLetGo = LETS_GO.has(event.type) && step.phase === "pending";
  if (!isLetGo && event.type !== "attempt.started") return;
  const fault = faultOf(step, before, (event.attempt ?? 1) > 1);
  if (fault !== null) yield { invariant: "I7", message: `${event.type}: ${fault}` };
}

/** What was called and is under way goes on, also where the step that called it has ended meanwhile. */
function faultOf(step: StepTrail, before: Trail, goesOn: boolean): string | null {
  const { parent } = step;
  if (parent !== null && isEnded(parent)) return `its list has ${parent.phase}`;
  if (!goesOn && !isCalled(step, before)) return "no step that it stands in for has failed";
  if (joinState(step, before) === "met") return null;
  return `its needs have not ended as they must: ${tellNeeds(step, before)}`;
}

function tellNeeds(step: StepTrail, before: Trail): string {
  const { needs, join } = step.text;
  return `${join} of ${needs.map((key) => `${key} (${before.steps.get(key)?.phase})`).join(", ")}`;
}

function* checkSkip(
  event: PlanEventOf<"step.skipped">,
  step: StepTrail,
  before: Trail,
): Generator<Finding, void> {
  const { reason } = event.data;
  if (reason === "need-not-met" && joinState(step, before) !== "impossible") {
    const message = `skipped, and its needs may still be met: ${tellNeeds(step, before)}`;
    yield { invariant: "I7", message };
  }
  if (reason === "fallback-not-needed" && isCalled(step, before)) {
    yield { invariant: "I7", message: "skipped, and a step that failed waits for it" };
  }
}
