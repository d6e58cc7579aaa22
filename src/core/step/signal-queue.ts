import { known } from "../known.ts";
import type { Plan } from "../plan/plan.ts";

/** Places of those who wait, or waited, for one signal: the first that is taken, and the next free one. */
export interface SignalQueue {
  readonly first: number;
  readonly next: number;
}

const EMPTY: SignalQueue = { first: 0, next: 0 };

/** The place that the next step to wait for a signal takes. */
export function nextPlace(plan: Plan, signal: string): number {
  return (plan.signalQueues.get(signal) ?? EMPTY).next;
}

/** Lets a step wait for a signal, behind all others. */
export function joinQueue(plan: Plan, signal: string, stepKey: string): void {
  const { first, next } = plan.signalQueues.get(signal) ?? EMPTY;
  plan.signalWaiters.set(placeKey(signal, next), stepKey);
  plan.signalQueues.set(signal, { first, next: next + 1 });
}

/** Gives a place up; those that were given up before are passed over once. */
export function leaveQueue(plan: Plan, signal: string, place: number): void {
  const { first, next } = known(plan.signalQueues.get(signal), signal);
  plan.signalWaiters.delete(placeKey(signal, place));
  let taken = first;
  while (taken < next && !plan.signalWaiters.has(placeKey(signal, taken))) taken += 1;
  plan.signalQueues.set(signal, { first: taken, next });
}

/** The step that has waited longest for a signal. */
export function firstInQueue(plan: Plan, signal: string): string | undefined {
  const { first } = plan.signalQueues.get(signal) ?? EMPTY;
  return plan.signalWaiters.get(placeKey(signal, first));
}

function placeKey(signal: string, place: number): string {
  return `${place}\n${signal}`;
}
