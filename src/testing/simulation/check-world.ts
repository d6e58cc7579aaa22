import type { PlanEvent } from "../../core/plan/event.ts";
import type { KeptPlan } from "./check-run.ts";
import { attemptKey, type Deed, type World } from "./world.ts";

/** An attempt that was told to be lost with its worker, in true time. */
export interface Loss {
  readonly at: number;
  readonly workerId: string;
}

/** By `attemptKey`. */
export type Losses = ReadonlyMap<string, Loss>;

export interface Done {
  readonly world: World;
  readonly losses: Losses;
  readonly sameHost: boolean;
}

/**
 * I25: nothing was done to the outside world that the log does not answer for. Executors here are
 * honest: a failure that they tell and do not call ambiguous left nothing behind.
 */
export function checkWorld(plan: KeptPlan, done: Done): readonly string[] {
  const { planId, events } = plan;
  const deeds = done.world.deeds.filter((deed) => deed.planId === planId);
  const found = [...beginnings(plan, done.world), ...lateCommands(plan, deeds, done)];
  const steps = Map.groupBy(events, ({ stepKey }) => stepKey ?? "");
  for (const [call, ofCall] of Map.groupBy(deeds, (deed) => deed.call)) {
    const [first] = ofCall;
    if (first === undefined) continue;
    const { stepKey, effect } = first;
    const told = steps.get(stepKey) ?? [];
    const allowed = 1 + (effect === "once" ? excuses(told) : sequels(told));
    if (ofCall.length <= allowed) continue;
    found.push(
      `${planId}: I25 ${stepKey} (${effect}) took effect ${ofCall.length} times, ${allowed} are answered for (${call.slice(0, 8)})`,
    );
  }
  return found;
}

/** Each attempt is begun once, by whom it was leased to. */
function* beginnings({ planId, events }: KeptPlan, world: World): Generator<string, void> {
  const started = new Set(
    events
      .filter(({ type }) => type === "attempt.started")
      .map(({ stepKey = "", attempt = 0 }) => attemptKey({ planId, stepKey, attempt })),
  );
  for (const [key, times] of world.begun) {
    if (!key.startsWith(`${planId} `)) continue;
    if (!started.has(key)) yield `${planId}: I25 ${key} is carried out and was never started`;
    if (times > 1) yield `${planId}: I25 ${key} is carried out ${times} times`;
  }
}

/** What may have happened is tried again only at a person's word, or because the output was judged. */
function excuses(events: readonly PlanEvent[]): number {
  let count = 0;
  let asked = false;
  for (const event of events) {
    if (event.type === "step.waiting") asked = ASKS.has(event.data.reason);
    if (event.type === "step.readied" && asked) count += 1;
    if (event.type === "attempt.started") asked = false;
    if (event.type === "attempt.failed" && event.data.feedback !== undefined) count += 1;
  }
  return count;
}

const ASKS: ReadonlySet<string> = new Set(["ambiguous-effect", "failed", "set-aside"]);

/** Attempts that ended so that another may follow. */
function sequels(events: readonly PlanEvent[]): number {
  return events.filter(({ type }) => type === "attempt.lost" || type === "attempt.failed").length;
}

/**
 * Who takes over ends what was left running, before the step may start again; and nothing is let go
 * any more by a worker that has lost its lease, whether it knows or not.
 */
function* lateCommands(
  { planId }: KeptPlan,
  deeds: readonly Deed[],
  { losses, sameHost }: Done,
): Generator<string, void> {
  if (!sameHost) return;
  for (const deed of deeds) {
    const lostAt = losses.get(attemptKey(deed))?.at;
    if (deed.begunAt === null || lostAt === undefined || deed.at <= lostAt) continue;
    yield `${planId}: I25 the command of ${deed.stepKey}, attempt ${deed.attempt}, outlived its being taken over`;
  }
}
