import { formatDuration } from "../../core/duration.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { viewStep, type StepShown } from "../../core/plan/view.ts";
import { findStep, specOf } from "../../core/step/lookup.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";
import { indent, showValue } from "../screen/show-value.ts";
import { STEP_LOOKS } from "../screen/status.ts";
import { table } from "../screen/table.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Shows one step with all that is known of it. */
export const showStep: Act = async (given, face) => {
  const planId = given.argument(0);
  const stepKey = given.argument(1);
  await using reading = await openReader(given);
  const step = await reading.plans.store.read(planId, (plan) => lookAt(plan, stepKey));
  if (step === null) return tellMissing(`step ${stepKey} in ${planId}`, face);
  const shown = given.flag("json")
    ? visibleJson({ planId, key: stepKey, ...step }, 2)
    : stepText(stepKey, step, face);
  face.data(shown);
  return EXIT.done;
};

/** A step with what its text demands. */
type StepDetail = StepShown & {
  readonly needs: readonly string[];
  readonly effect: string;
  readonly recoveries: number;
  readonly feedback: readonly { readonly check: string; readonly message: string }[];
  readonly timeout: string;
};

function lookAt(plan: Plan, stepKey: string): StepDetail | null {
  const step = findStep(plan, stepKey);
  if (step === undefined) return null;
  const { document, effect, join } = specOf(plan, stepKey);
  const { recoveries, feedback } = step;
  const timeout = document.timeout ?? formatDuration(plan.limits.timeoutMs);
  return { ...viewStep(plan, step), needs: join.needs, effect, recoveries, feedback, timeout };
}

function stepText(key: string, step: StepDetail, face: Face): string {
  const { mark, format } = STEP_LOOKS[step.status];
  const facts: [string, string][] = [
    ["status", step.status + (step.reason === null ? "" : ` (${step.reason})`)],
    ["since", step.since],
    ["does", [step.do, step.owner ?? ""].map(visible).join(" ").trim()],
    ["attempts", String(step.attempts)],
    ["effect", step.effect],
    ["timeout", step.timeout],
  ];
  if (step.needs.length > 0) facts.push(["needs", visible(step.needs.join(", "))]);
  if (step.until !== null) facts.push(["until", step.until]);
  if (step.recoveries > 0) facts.push(["recoveries", String(step.recoveries)]);
  if (step.error !== null) {
    facts.push(["error", `${visible(step.error.code)}: ${visible(step.error.message)}`]);
  }
  for (const { check, message } of step.feedback) {
    facts.push(["feedback", `${visible(check)}: ${visible(message)}`]);
  }
  if (step.partial !== null) facts.push(["in part", visible(step.partial)]);
  if (step.requestId !== null) facts.push(["request", step.requestId]);
  if (step.childPlanId !== null) facts.push(["sub-plan", step.childPlanId]);
  for (const { id, name, size } of step.artifacts) {
    facts.push(["artifact", `${id} ${visible(name)} (${size} bytes)`]);
  }
  if (step.allowedActions.length > 0) facts.push(["allowed", step.allowedActions.join(", ")]);
  const title = step.title === null ? "" : `: ${visible(step.title)}`;
  return [
    `${face.paint(format, `${mark} ${visible(key)}`)}${title}`,
    table(facts.map(([name, value]) => [`  ${name}`, value])),
    ...(step.output === null ? [] : [`  output\n${indent(showValue(step.output), "    ")}`]),
  ].join("\n");
}
