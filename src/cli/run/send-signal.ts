import type { Json } from "../../core/json.ts";
import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";

/** Sends a signal to a plan. */
export const sendSignal: Act = (given, face) =>
  actOnPlan(given, face, ({ orchestrator, actor }) => {
    const key = given.text("key");
    return orchestrator.signal(given.argument(0), actor, {
      name: given.argument(1),
      payload: readPayload(given.argumentOr(2)),
      ...(key === undefined ? {} : { key }),
    });
  });

function readPayload(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
