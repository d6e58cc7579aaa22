import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";
import type { Given } from "../given.ts";

/** Approves exactly the text of a plan, and starts it where that is asked for. */
export const approvePlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const comment = given.text("comment");
    return orchestrator.approve(given.argument(0), actor, {
      ...digestOf(given),
      ...(comment === undefined ? {} : { comment }),
      start: given.flag("start"),
    });
  });

/** Ends a plan that nobody wants carried out. */
export const rejectPlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const reason = given.text("reason") ?? "rejected";
    return orchestrator.reject(given.argument(0), actor, { ...digestOf(given), reason });
  });

function digestOf(given: Given): { readonly digest?: string } {
  const digest = given.text("digest");
  return digest === undefined ? {} : { digest };
}
