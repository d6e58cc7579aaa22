import type { PlanView, StepShown } from "../../core/plan/view.ts";
import { writePlan } from "../../format/write-plan.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { howToAnswer } from "../request/how-to-answer.ts";
import type { Face } from "../screen/face.ts";
import { showValue } from "../screen/show-value.ts";
import { PLAN_FORMATS, STEP_LOOKS } from "../screen/status.ts";
import { clip, table } from "../screen/table.ts";
import { visible, visibleJson, visibleLines } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Shows a plan with its steps and what is asked for it, or its text. */
export const showPlan: Act = async (given, face) => {
  const planId = given.argument(0);
  await using reading = await openReader(given);
  const view = await reading.plans.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  if (given.flag("text")) await tellText(reading, planId, given, face);
  else face.data(given.flag("json") ? visibleJson(view, 2) : planText(view, given, face));
  return EXIT.done;
};

async function tellText(reading: Reading, planId: string, given: Given, face: Face): Promise<void> {
  const syntax = given.flag("json") ? "json" : "yaml";
  const text = await reading.plans.store.read(planId, ({ revision }) =>
    writePlan(revision.document, syntax),
  );
  // JSON and YAML alike may hold what a terminal obeys, but not outside their quotes.
  face.data(visibleLines(text ?? "").trimEnd());
}

function planText(view: PlanView, given: Given, face: Face): string {
  const { plan, steps, requests } = view;
  const condition = plan.condition === null ? "" : ` (${plan.condition})`;
  const status = plan.partial ? `${plan.status} in part` : plan.status;
  const facts: [string, string][] = [
    ["id", plan.id],
    ["status", face.paint(PLAN_FORMATS[plan.status], status) + condition],
    ["revision", `${plan.revision} ${plan.digest}`],
    ["created", `${plan.createdAt} by ${visible(plan.createdBy.id)}`],
  ];
  if (plan.startedAt !== null) facts.push(["started", plan.startedAt]);
  if (plan.endedAt !== null) facts.push(["ended", plan.endedAt]);
  if (plan.parent !== null)
    facts.push(["part of", `${plan.parent.planId} ${visible(plan.parent.stepKey)}`]);
  if (plan.error !== null) facts.push(["error", errorText(plan.error)]);
  if (plan.summary !== null) facts.push(["summary", visible(plan.summary)]);
  if (plan.allowedActions.length > 0) facts.push(["allowed", plan.allowedActions.join(", ")]);
  const parts = [
    face.paint("bold", visible(plan.name)),
    ...(plan.objective === null ? [] : [visible(plan.objective)]),
    table(facts.map(([name, value]) => [`  ${name}`, value])),
    "",
    table(Object.entries(steps).map(([key, step]) => stepRow(key, step, face))),
    ...requests.flatMap((request) => [
      "",
      `${request.stepKey === null ? "" : `${visible(request.stepKey)}: `}${visible(request.title)}`,
      ...howToAnswer(given, request).map((line) => `  ${line}`),
    ]),
    ...(plan.answer === null ? [] : ["", showValue(plan.answer)]),
  ];
  return parts.join("\n");
}

function stepRow(key: string, step: StepShown, face: Face): string[] {
  const { mark, format } = STEP_LOOKS[step.status];
  return [
    `  ${face.paint(format, `${mark} ${visible(key)}`)}`,
    step.status,
    step.attempts > 1 ? `attempt ${step.attempts}` : "",
    clip(visible(noteOf(step)), 100),
  ];
}

function noteOf(step: StepShown): string {
  if (step.error !== null) return `${step.error.code}: ${step.error.message}`;
  const until = step.until === null ? "" : `until ${step.until}`;
  return [step.reason ?? "", until, step.partial ?? ""].filter(Boolean).join(" ");
}

function errorText({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${visible(code)}: ${visible(message)}`;
}
