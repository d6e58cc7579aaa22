import type { PlanDocument } from "../core/plan/document.ts";
import type { CheckOptions, CheckResult } from "./check/check-document.ts";
import { judgeValue } from "./judge-plan.ts";

export type { CheckOptions, CheckResult } from "./check/check-document.ts";

/**
 * Checks a plan and its sub-plans before anything is spent on it; every fault at once, with
 * pointers into the document. What the compiler has not seen may be handed in, too.
 */
export function checkPlan(document: PlanDocument, options: CheckOptions = {}): CheckResult {
  const { faults, warnings } = judgeValue(document, options);
  return { faults, warnings };
}
