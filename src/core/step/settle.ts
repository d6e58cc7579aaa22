import { judgeJoin } from "./join.ts";
import { fallbackEnded } from "./fail-step.ts";
import { known } from "../known.ts";
import { settleChild } from "./for-each.ts";
import { openStep } from "./open-step.ts";
import { specOf, stepOf } from "./lookup.ts";
import type { Deciding } from "../plan/deciding.ts";
import { closeRequest } from "../request/close-request.ts";
import { hasEnded } from "./step.ts";

/**
 * Draws the consequences of what has just happened until nothing more follows: readies or skips
 * dependents, lets a `forEach` go on, ends what a fallback stood in for. Costs the out-degree of
 * the steps that ended.
 */
export function settle(deciding: Deciding): void {
  for (;;) {
    const ended = deciding.ended.shift();
    if (ended !== undefined) {
      settleEnded(deciding, ended);
      continue;
    }
    const opening = deciding.opening.shift();
    if (opening === undefined) return;
    const { plan } = deciding;
    if (plan.ending === null && stepOf(plan, opening).status === "pending")
      openStep(deciding, opening);
  }
}

function settleEnded(deciding: Deciding, key: string): void {
  const step = stepOf(deciding.plan, key);
  const spec = specOf(deciding.plan, key);
  if (step.parentKey !== null) {
    settleChild(deciding, step.parentKey, key);
    return;
  }
  if (spec.fallbackFor !== null) fallbackEnded(deciding, spec.fallbackFor, key);
  if (spec.fallback !== null) passOverFallback(deciding, spec.fallback);
  for (const dependent of spec.dependents) settleDependent(deciding, dependent, key);
}

function settleDependent(deciding: Deciding, key: string, need: string): void {
  const { plan } = deciding;
  if (plan.ending !== null || stepOf(plan, key).status !== "pending") return;
  const { join } = specOf(plan, key);
  const unsettled = known(plan.unsettledNeeds.get(key), key);
  const verdict = judgeJoin(join, unsettled, plan.metNeeds.get(key) ?? 0);
  if (verdict === "never") {
    deciding.emit("step.skipped", { reason: "need-not-met", need }, { stepKey: key });
  } else if (verdict === "go") {
    deciding.opening.push(key);
  }
}

/** The step that a fallback stands by for has ended without it: it is passed over, unless it runs. */
function passOverFallback(deciding: Deciding, key: string): void {
  const fallback = stepOf(deciding.plan, key);
  if (deciding.plan.ending !== null || hasEnded(fallback) || fallback.status === "running") return;
  if (fallback.status === "waiting") {
    if (fallback.childPlanId !== null || fallback.reason === "children") return;
    if (fallback.requestId !== null) closeRequest(deciding, fallback.requestId, "no longer needed");
  }
  deciding.emit("step.skipped", { reason: "fallback-not-needed" }, { stepKey: key });
}
