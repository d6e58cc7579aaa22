import type { PlanView } from "../../core/plan/view.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";
import type { Rest } from "../../engine/stable.ts";
import { EXIT, EXIT_OF_REST, EXIT_OF_STATUS, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { tellReasons } from "../plan/tell-reasons.ts";
import { howToAnswer } from "../request/how-to-answer.ts";
import { openRequests } from "../request/open-requests.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { tellOutcome } from "./tell-outcome.ts";

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
