import type { PlanView } from "../../core/plan/view.ts";
import type { Rest } from "../../engine/stable.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { showValue } from "../screen/show-value.ts";
import { PLAN_FORMATS } from "../screen/status.ts";
import { visibleJson } from "../screen/visible.ts";

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
