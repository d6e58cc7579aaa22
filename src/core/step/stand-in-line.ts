import type { Plan } from "../plan/plan.ts";
import { laneOf } from "./lane-of.ts";
import { specOf } from "./lookup.ts";
import type { ReadyStep } from "./step.ts";

/** Puts a ready step in its lane, behind those that were readied before it. */
export function standInLine(plan: Plan, step: ReadyStep, time: number): void {
  const { key: stepKey, readiedSeq: seq, notBefore } = step;
  const { priority } = specOf(plan, stepKey);
  plan.lanes.enter(laneOf(plan, step), { stepKey, seq, priority, notBefore }, time);
}
