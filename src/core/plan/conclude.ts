import type { Json } from "../json.ts";
import { scopeOf } from "../step/scope.ts";
import { openSteps } from "./counts.ts";
import type { Deciding } from "./deciding.ts";
import type { Ending, Plan } from "./plan.ts";
import { beginFailing } from "./stop.ts";

/** Ends the plan when nothing of it is left to do. An ended plan never moves again. */
export function conclude(deciding: Deciding): void {
  const { plan } = deciding;
  if (plan.status !== "executing" || openSteps(plan.counts) > 0) return;
  if (plan.ending === null && lacksVerification(plan)) return;
  end(deciding, plan.ending ?? judgeAnswer(deciding));
}

/** Whether a plan that must be verified has passed no verification. */
export function lacksVerification(plan: Plan): boolean {
  return plan.graph.policy.verification === "required" && plan.verified === 0;
}

function end(
  deciding: Deciding,
  ending: Ending | { readonly kind: "done"; readonly answer: Json },
): void {
  const { plan } = deciding;
  switch (ending.kind) {
    case "fail":
      deciding.emit("plan.failed", { error: ending.error });
      break;
    case "cancel":
      deciding.emit("plan.cancelled", ending.reason === null ? {} : { reason: ending.reason });
      break;
    case "finish":
      if (ending.result === "success") completed(deciding, plan.answer);
      else deciding.emit("plan.failed", { error: finishedAsFailure(plan) });
      break;
    case "done":
      completed(deciding, ending.answer);
  }
}

function completed(deciding: Deciding, answer: Json): void {
  const partial = deciding.plan.partials > 0;
  deciding.emit("plan.completed", answer === null ? { partial } : { partial, answer });
}

function finishedAsFailure(plan: Plan) {
  const message = plan.summary ?? "finished as a failure by hand";
  return { code: "finished", message, retryable: false };
}

function judgeAnswer(
  deciding: Deciding,
): Ending | { readonly kind: "done"; readonly answer: Json } {
  const { plan } = deciding;
  const source = plan.graph.document.answer;
  if (source === undefined) return { kind: "done", answer: null };
  const value = deciding.pure.evaluate(source, scopeOf(plan, null));
  if (value.ok) return { kind: "done", answer: value.value };
  const error = { code: "expression", message: `\`answer\`: ${value.message}`, retryable: false };
  beginFailing(deciding, error);
  return { kind: "fail", error };
}
