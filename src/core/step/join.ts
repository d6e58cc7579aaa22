import type { Join } from "../graph/graph.ts";
import type { StepStatus } from "./step.ts";

/** Whether a need that ended this way is met. */
export function meetsNeed(join: Join, status: StepStatus): boolean {
  if (status === "succeeded") return true;
  return (status === "skipped" || status === "failed") && join.allow.includes(status);
}

/** What a join of at least one need comes to: go, never, or not yet. */
export function judgeJoin(join: Join, unsettled: number, met: number): "go" | "never" | "not-yet" {
  if (join.mode === "any") {
    if (met > 0) return "go";
    return unsettled === 0 ? "never" : "not-yet";
  }
  const settled = join.needs.length - unsettled;
  if (met < settled) return "never";
  return unsettled === 0 ? "go" : "not-yet";
}
