import type { Reason } from "../../core/plan/explain.ts";
import type { PlanView } from "../../core/plan/view.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { suggestCommand } from "../store/suggest-command.ts";

/** Says on stderr why a plan does not move by itself, its open sub-plans with it. */
export async function tellReasons(
  plans: PlanReader,
  { plan }: Pick<PlanView, "plan">,
  given: Given,
  face: Face,
): Promise<void> {
  const reasons = (await plans.explain(plan.id)) ?? [];
  for (const reason of reasons) face.complain(reasonLine(plan.id, reason, given));
}

/** A reason with what would unblock it, as a command line where it is one. */
export function reasonLine(planId: string, reason: Reason, given: Given): string {
  const about = reason.stepKey === null ? "" : `${visible(reason.stepKey)}: `;
  const way = unblockLine(planId, reason, given);
  return `${about}${visible(reason.message)}${way === null ? "" : `\n  ${way}`}`;
}

const COMMAND = /^(?:(?:request|plan|step|signal) (?:.* )?(?:pln|req)_|tenant start |limit set )/;

function unblockLine(planId: string, { code, unblock }: Reason, given: Given): string | null {
  if (code === "paused") return suggestCommand(given, "plan", "resume", planId, "--watch");
  if (unblock === null) return null;
  if (!COMMAND.test(unblock)) return visible(unblock);
  const words = visible(unblock).split(" ");
  // The name of a signal may hold blanks.
  const all = code === "signal" ? [...words.slice(0, 2), words.slice(2).join(" ")] : words;
  return suggestCommand(given, ...all);
}
