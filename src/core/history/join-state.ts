import { isEnded, type StepTrail, type Trail } from "./trail.ts";

/** Whether a step may be let go by what it needs, may be some day, or can never be. */
export type JoinState = "met" | "open" | "impossible";

/** What a step's needs come to, read off the steps that it names; a child's list has met them. */
export function joinState(step: StepTrail, trail: Trail): JoinState {
  if (step.parent !== null) return "met";
  const needs = step.text.needs.map((need) => stateOfNeed(trail.steps.get(need), step));
  if (step.text.join === "any" && needs.length > 0) return joinOfAny(needs);
  if (needs.includes("impossible")) return "impossible";
  return needs.includes("open") ? "open" : "met";
}

/** Whether a step that stands in for others has been called upon; any other always has. */
export function isCalled(step: StepTrail, trail: Trail): boolean {
  const { standsInFor } = step.text;
  return standsInFor.length === 0 || standsInFor.some((key) => waitsForFallback(trail, key));
}

function waitsForFallback(trail: Trail, key: string): boolean {
  return trail.steps.get(key)?.wait?.reason === "fallback";
}

function joinOfAny(needs: readonly JoinState[]): JoinState {
  if (needs.includes("met")) return "met";
  return needs.includes("open") ? "open" : "impossible";
}

function stateOfNeed(need: StepTrail | undefined, step: StepTrail): JoinState {
  if (need === undefined || !isEnded(need)) return "open";
  const isMet = need.phase === "succeeded" || step.text.allow.has(need.phase);
  return isMet ? "met" : "impossible";
}
