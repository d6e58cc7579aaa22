import type { Deciding } from "../plan/deciding.ts";
import type { Timestamp } from "../plan/event.ts";

/** Puts a step in line once more, its condition and gate having been dealt with before. */
export function readyAgain(deciding: Deciding, stepKey: string, notBefore: Timestamp | null): void {
  deciding.emit("step.readied", notBefore === null ? {} : { notBefore }, { stepKey });
}
