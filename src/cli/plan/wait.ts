import { restOfTree, untilRest } from "../../engine/stable.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { report } from "../run/report.ts";
import { openReader } from "../store/open-reader.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Waits until a plan rests that another process carries out; carries nothing out itself. */
export const waitForPlan: Act = async (given, face) => {
  const planId = given.argument(0);
  await using reading = await openReader(given);
  const { store } = reading.plans;
  const waitMs = given.durationMs("wait");
  const limit = new AbortController();
  const timer = waitMs === undefined ? undefined : setTimeout(() => limit.abort(), waitMs);
  const now = await restOfTree(store, planId);
  const goesOn = now === null || (now.kind === "waiting" && now.until !== null);
  if (goesOn && (await reading.findCarriers()).length === 0) {
    const watch = suggestCommand(given, "plan", "watch", planId);
    face.complain(`nobody carries out the plans of this store now: ${watch}`);
  }
  const rest = await untilRest({ store, planId, runtime: reading.runtime, signal: limit.signal });
  clearTimeout(timer);
  const view = await reading.plans.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  if (rest !== null) return await report(reading.plans, view, rest, given, face);
  face.complain(`planwright: ${planId} is still ${view.plan.condition ?? view.plan.status}`);
  return EXIT.timeout;
};
