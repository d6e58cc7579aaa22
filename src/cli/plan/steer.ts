import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";

/** Starts an approved plan. */
export const startPlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => orchestrator.start(given.argument(0), actor));

/** Lets nothing new of a plan start. */
export const pausePlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) =>
    orchestrator.pause(given.argument(0), actor, given.text("reason")),
  );

/** Lets a paused plan go on. */
export const resumePlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) =>
    orchestrator.resume(given.argument(0), actor),
  );

/** Ends a plan, at once or when what runs has ended. */
export const cancelPlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const mode = given.flag("drain") ? "drain" : "stop";
    return orchestrator.cancel(given.argument(0), actor, mode, given.text("reason"));
  });

/** Ends an executing plan by hand. */
export const finishPlan: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const answer = given.json("answer");
    const summary = given.text("summary");
    const evidence = given.list("evidence");
    return orchestrator.finish(given.argument(0), actor, {
      result: given.text("result") === "failure" ? "failure" : "success",
      ...(answer === undefined ? {} : { answer }),
      ...(summary === undefined ? {} : { summary }),
      ...(evidence.length === 0 ? {} : { evidence }),
    });
  });
