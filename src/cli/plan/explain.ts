import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { visibleJson } from "../screen/visible.ts";
import { carriersLine } from "../store/carrier.ts";
import { openReader } from "../store/open-reader.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { tellMissing } from "../tell-refusal.ts";
import { reasonLine } from "./tell-reasons.ts";

/** Says why a plan, or one step of it, does not move. */
export const explain: Act = async (given, face) => {
  const planId = given.argument(0);
  const stepKey = given.argumentOr(1);
  await using reading = await openReader(given);
  const view = await reading.plans.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  if (stepKey !== undefined && !Object.hasOwn(view.steps, stepKey)) {
    return tellMissing(`step ${stepKey} in ${planId}`, face);
  }
  const reasons = (await reading.plans.explain(planId, stepKey)) ?? [];
  const workers = await reading.findCarriers();
  if (given.flag("json")) {
    face.data(visibleJson({ data: reasons, owner: reading.findOwner(), workers }, 2));
    return EXIT.done;
  }
  for (const reason of reasons) face.data(reasonLine(planId, reason, given));
  if (reasons.length === 0) face.data("nothing holds it up");
  const carriers = carriersLine(workers);
  if (carriers !== null) face.note(carriers);
  else if (view.plan.status === "executing") {
    face.note(`nobody carries it out: ${suggestCommand(given, "plan", "watch", planId)}`);
  }
  return EXIT.done;
};
