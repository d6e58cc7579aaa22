import type { PlanView } from "../../core/plan/view.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";
import type { Rest } from "../../engine/stable.ts";
import { EXIT, EXIT_OF_REST, EXIT_OF_STATUS, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { tellReasons } from "../plan/tell-reasons.ts";
import { howToAnswer } from "../request/how-to-answer.ts";
import { openRequests } from "../request/open-requests.ts";
import type { Face } from "../screen/face.ts";
import { showValue } from "../screen/show-value.ts";
import { PLAN_FORMATS } from "../screen/status.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { suggestCommand } from "../store/suggest-command.ts";

/** Tells how a plan rests, and what would move it on; gives the exit code that stands for it. */
export async function report(
  plans: PlanReader,
  view: PlanView,
  rest: Rest,
  given: Given,
  face: Face,
): Promise<ExitCode> {
  tellOutcome(view, rest, given, face);
  const { plan } = view;
  if (rest.kind === "ended") {
    if (plan.error !== null) {
      face.complain(`planwright: ${visible(plan.error.code)}: ${visible(plan.error.message)}`);
    }
    return EXIT_OF_STATUS[plan.status];
  }
  if (plan.status === "draft" || plan.status === "approved") {
    const next = plan.status === "draft" ? ["submit", plan.id] : ["start", plan.id, "--watch"];
    face.complain(`the plan is ${plan.status}: ${suggestCommand(given, "plan", ...next)}`);
    return EXIT.personNeeded;
  }
  await tellWhatIsAsked(plans, view, given, face);
  if (rest.kind !== "needs-person") await tellReasons(plans, view, given, face);
  return EXIT_OF_REST[rest.kind];
}

/** The one thing that stdout says of a run: in JSON all of it, else how it ended and its answer. */
export function tellOutcome(view: PlanView, rest: Rest | null, given: Given, face: Face): void {
  const { plan } = view;
  if (given.flag("jsonl")) return;
  if (given.flag("json")) {
    face.data(visibleJson({ ...view, rest: rest?.kind ?? null }, 2));
    return;
  }
  const status = plan.partial ? `${plan.status} in part` : plan.status;
  const condition = plan.condition === null ? "" : ` (${plan.condition})`;
  face.data(`${plan.id} ${face.paint(PLAN_FORMATS[plan.status], status)}${condition}`);
  if (plan.answer !== null) face.data(showValue(plan.answer));
}

async function tellWhatIsAsked(
  plans: PlanReader,
  { plan }: PlanView,
  given: Given,
  face: Face,
): Promise<void> {
  const requests = await openRequests(plans, plan.id);
  for (const request of requests) {
    const about = request.stepKey === null ? "" : `${visible(request.stepKey)}: `;
    face.complain(`${about}${visible(request.title)}`);
    for (const line of howToAnswer(given, request)) face.complain(`  ${line}`);
  }
}
