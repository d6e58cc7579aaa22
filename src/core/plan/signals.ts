import type { Refusal } from "../refusal.ts";
import { refuseUnless } from "./approve.ts";
import type { PlanCommandOf } from "./command.ts";
import type { Deciding } from "./deciding.ts";

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
  const stepKey = deciding.plan.signalWaiters.get(name)?.[0];
  if (stepKey === undefined) return null;
  deciding.emit("step.succeeded", { output: { signal: name, payload } }, { stepKey });
  return null;
}

function findTooMuch(deciding: Deciding, command: PlanCommandOf<"signal.deliver">): Refusal | null {
  const { limits, signals } = deciding.plan;
  const bytes = JSON.stringify(command.payload).length;
  if (bytes > limits.valueBytesMax) {
    const message = `the payload is ${bytes} bytes, more than ${limits.valueBytesMax}`;
    const fault = { code: "too-large", message, pointer: "/payload" };
    return { code: "invalid-input", message, faults: [fault] };
  }
  const kept = signals.get(command.name)?.length ?? 0;
  if (kept < limits.signalsMax) return null;
  const message = `${kept} signals "${command.name}" are kept already and nobody waits for one`;
  return { code: "not-allowed", message, allowed: [] };
}
