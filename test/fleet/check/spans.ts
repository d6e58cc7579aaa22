import type { Outage } from "../ground.ts";
import type { Cancel } from "../client/author.ts";
import type { TakenOut } from "../fault/worker-faults.ts";
import type { LeaseRow } from "../../../src/store/store.ts";
import type { AttemptSpan } from "./commit-times.ts";
import { descendantsOf, type Kin } from "./family-faults.ts";

/** How long something took, in milliseconds, and what it was. */
export interface Span {
  readonly ms: number;
  readonly what: string;
}

/** How long it took until something was free that a worker had held. */
export interface TakeOver extends Span {
  /** How long its lease lasted. */
  readonly ttlMs: number;
}

/**
 * From when a worker was taken out until what it held was lost to it and could be leased again. What
 * the server itself was not there for does not count.
 */
export function takeOversOf(
  takenOut: readonly TakenOut[],
  attempts: readonly AttemptSpan[],
  leases: readonly LeaseRow[],
  outages: readonly Outage[],
): readonly TakeOver[] {
  const byWorker = Map.groupBy(attempts, ({ workerId }) => workerId);
  // Where somebody begins under its name, nobody has to wait until its lease is over.
  return takenOut.flatMap(({ life, at, how, succeeded }) => {
    if (succeeded) return [];
    // A process that was stopped begins anew under another lease when it goes on.
    const held = leases
      .filter(({ pid, name }) => pid === life.pid && name === life.name)
      .filter(({ beganAt, endedAt }) => beganAt <= at && (endedAt === null || endedAt >= at))
      .flatMap(({ workerId }) => byWorker.get(workerId) ?? []);
    const lost = held.filter(
      ({ until, end }) => until !== null && until > at && end === "attempt.lost",
    );
    return lost.map(({ until, planId, stepKey, attempt }) => ({
      ms: within(at, until ?? at, outages),
      ttlMs: life.ttlMs,
      what: `${planId} ${stepKey}/${attempt} of ${life.life}, ${how}`,
    }));
  });
}

/** From when the server was back until the first attempt was leased. */
export function firstLeasesOf(
  outages: readonly Outage[],
  attempts: readonly AttemptSpan[],
): readonly Span[] {
  const starts = attempts.map(({ from }) => from).toSorted((a, b) => a - b);
  return outages.flatMap(({ until }, index) => {
    const next = outages[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    const first = starts.find((at) => at > until);
    // Stopped again before anybody could.
    if (first === undefined || first > next) return [];
    return [{ ms: first - until, what: `outage ${index + 1}` }];
  });
}

/** From when somebody was told that a plan is cancelled until the last attempt of its family began. */
export function stirringsOf(
  cancels: readonly Cancel[],
  attempts: readonly AttemptSpan[],
  kin: readonly Kin[],
): readonly Span[] {
  const byPlan = Map.groupBy(attempts, ({ planId }) => planId);
  return cancels.map(({ planId, at }) => {
    const all = [...descendantsOf(planId, kin)].flatMap((one) => byPlan.get(one) ?? []);
    const last = Math.max(at, ...all.map(({ from }) => from));
    return { ms: last - at, what: `${planId}, a family of ${all.length} attempts` };
  });
}

/** The most attempts under way at the same moment. */
export function mostAtOnce(attempts: readonly AttemptSpan[]): number {
  const turns = attempts.flatMap(({ from, until }) => [
    { at: from, by: 1 },
    ...(until === null ? [] : [{ at: until, by: -1 }]),
  ]);
  let now = 0;
  let most = 0;
  for (const { by } of turns.toSorted((a, b) => a.at - b.at || a.by - b.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** A share of the spans was no longer than this. */
export function percentile(spans: readonly Span[], share: number): number | null {
  const sorted = spans.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return found === undefined ? null : Math.round(found);
}

function within(from: number, until: number, outages: readonly Outage[]): number {
  const away = outages.map((one) => Math.min(one.until, until) - Math.max(one.from, from));
  return until - from - away.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0);
}
