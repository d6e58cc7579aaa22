import { ENDS, type CommittedEvent } from "../check/commit-times.ts";
import type { Span } from "../check/spans.ts";

/**
 * How long, each time, nothing was begun although a step was ready and the limit had room. The events
 * are those of the steps that the limit holds for, in any order: `step.readied`, starts and ends.
 */
export function idleGaps(events: readonly CommittedEvent[], max: number): readonly Span[] {
  const ready = new Set<string>();
  const running = new Set<string>();
  const gaps: Span[] = [];
  let idleSince: number | null = null;
  // What ends makes room for what starts at the same moment.
  for (const event of events.toSorted((a, b) => a.at - b.at || rank(a) - rank(b))) {
    const { type, at, planId, stepKey } = event;
    const step = `${planId} ${stepKey}`;
    if (type === "attempt.started") {
      if (idleSince !== null) gaps.push({ ms: at - idleSince, what: `until ${step}` });
      idleSince = null;
    }
    follow({ ready, running }, type, step);
    const isIdle = ready.size > 0 && running.size < max;
    if (!isIdle) idleSince = null;
    else idleSince ??= at;
  }
  return gaps;
}

function follow(
  { ready, running }: { readonly ready: Set<string>; readonly running: Set<string> },
  type: CommittedEvent["type"],
  step: string,
): void {
  if (type === "step.readied") ready.add(step);
  else if (type === "attempt.started") {
    ready.delete(step);
    running.add(step);
  } else running.delete(step);
}

function rank({ type }: CommittedEvent): number {
  if (ENDS.includes(type)) return 0;
  return type === "step.readied" ? 1 : 2;
}
