import type { Json } from "../json.ts";
import type { Refusal } from "../refusal.ts";
import { refuseUnless } from "./approve.ts";
import type { PlanCommandOf } from "./command.ts";
import type { Deciding } from "./deciding.ts";
import { firstInQueue } from "../step/signal-queue.ts";
import { refuseUnfit } from "./refuse-unfit.ts";

/** Takes a signal: the step that waited longest goes on, or it is kept until one waits. */
export function deliverSignal(
  deciding: Deciding,
  command: PlanCommandOf<"signal.deliver">,
): Refusal | null {
  const refusal = refuseUnless(deciding, "signal");
  if (refusal !== null) return refusal;
  const { name, payload, key } = command;
  if (key !== undefined && deciding.plan.signalKeys.has(key)) return null;
  const tooMuch = findTooMuch(deciding, command);
  if (tooMuch !== null) return tooMuch;
  deciding.emit("signal.received", { name, payload, ...(key === undefined ? {} : { key }) });
  const stepKey = firstInQueue(deciding.plan, name);
  if (stepKey === undefined) return null;
  deciding.emit("step.succeeded", { output: signalOutput(name, payload) }, { stepKey });
  return null;
}

/** What a step brings that waited for a signal. */
export function signalOutput(name: string, payload: Json): Json {
  return { signal: name, payload };
}

function findTooMuch(deciding: Deciding, command: PlanCommandOf<"signal.deliver">): Refusal | null {
  const { limits, signals } = deciding.plan;
  const { name, payload } = command;
  const unfit = refuseUnfit(deciding.plan, signalOutput(name, payload), "the signal", "/payload");
  if (unfit !== null) return unfit;
  const kept = signals.get(name)?.length ?? 0;
  if (kept < limits.signalsMax) return null;
  const message = `${kept} signals "${name}" are kept already and nobody waits for one`;
  return { code: "not-allowed", message, allowed: [] };
}
