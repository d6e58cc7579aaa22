import { fallbackOf } from "../../core/graph/compile-graph.ts";
import type { Fault } from "../../core/graph/fault.ts";
import type { RequestDocument, StepDocument } from "../../core/plan/document.ts";
import { faultAt, type Path } from "./fault-at.ts";

/**
 * What a person decides is no accident that is asked about or stood in for: a no and a question
 * that expires fail their step at once, and `onFailure` counts for the plan alone.
 */
export function onFailureWarnings(step: StepDocument, path: Path): readonly Fault[] {
  if (step.do !== "human" || step.request === undefined || !asksOrStandsIn(step)) return [];
  const ends = endsByPeople(step, step.request);
  if (ends.length === 0) return [];
  const message = `${ends.join(" or ")} fails the step for good and does not use this, which only an expression that cannot be evaluated does: say continue, and let what comes after it need it with allow: [failed]`;
  return [faultAt("unused-on-failure", [...path, "onFailure"], message)];
}

/** A list that fails with its children is stood in for like any other step. */
function asksOrStandsIn(step: StepDocument): boolean {
  return step.onFailure === "ask" || (fallbackOf(step) !== null && step.forEach === undefined);
}

function endsByPeople({ approve }: StepDocument, request: RequestDocument): readonly string[] {
  const { kind, due, onTimeout = "fail" } = request;
  const ends: string[] = [];
  if (kind === "approval" || kind === "review" || approve !== undefined) ends.push("a no");
  if (due !== undefined && onTimeout === "fail") ends.push("an answer that does not come in time");
  return ends;
}
