import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";

/** Hastens a backoff, or lets go on what was set aside. */
export const retryStep: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) =>
    orchestrator.retryStep(given.argument(0), given.argument(1), actor),
  );

/** Goes on without a step. */
export const skipStep: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const reason = given.text("reason") ?? "skipped by hand";
    return orchestrator.skipStep(given.argument(0), given.argument(1), actor, reason);
  });

/** Records a step as done by hand. */
export const completeStep: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) =>
    orchestrator.completeStep(given.argument(0), given.argument(1), actor, {
      output: given.json("output") ?? null,
      note: given.text("note") ?? "done by hand",
    }),
  );
