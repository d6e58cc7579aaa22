import { SYSTEM } from "../core/actor.ts";
import type { Due, DuePage, Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import type { LeftAlone } from "./left-alone.ts";
import type { Messenger } from "./messenger.ts";
import type { Runtime, Timer } from "./runtime.ts";
import type { Share, Worker } from "./worker.ts";

export interface SchedulerOptions {
  readonly stores: Stores;
  readonly runtime: Runtime;
  readonly committer: Committer;
  readonly messenger: Messenger;
  readonly worker: Worker;
  readonly pools: readonly string[];
  readonly leftAlone: LeftAlone;
  /** A lost hint costs at most this long. */
  readonly sweepMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Of each sort: ready work, timers, messages. As much as a wave of commits takes: more is read in vain. */
const PAGE = 64;
const PATIENCE_MS = 1000;

/**
 * Reads what is due and gets it going: ready steps to the worker, timers and messages to the plans
 * that they concern. It looks when it is woken, when the next timer is due, and at every sweep.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  /** Ready work that gave nothing when it was asked for, and until when it is left alone. */
  readonly #resting = new Map<string, Resting>();
  /** Work in line since a time that is yet to come, and when it was first seen there. */
  #seenAhead = new Map<string, number>();
  #timer: Timer | null = null;
  #state: "stopped" | "resting" | "looking" | "looking-again" = "stopped";
  /** When the oldest work began to wait that no slot was free for. */
  #oldestWaiting: number | null = null;
  #someoneMustRunAlone = false;
  #faults = 0;
  /** Entries of the last look that are left alone: the next one looks behind them. */
  #passedOver = 0;
  #whenRested: (() => void)[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** A plan goes on in its own slot until others have waited for a second; the free ones are theirs at once. */
  get share(): Share {
    if (this.#someoneMustRunAlone) return "none";
    const since = this.#oldestWaiting;
    if (since === null) return "all";
    return this.#options.runtime.now() - since > PATIENCE_MS ? "none" : "own";
  }

  start(): void {
    if (this.#state !== "stopped") return;
    this.#state = "resting";
    this.wake();
  }

  /** Resolves when a look that is under way has ended. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    const looking = this.#state === "looking" || this.#state === "looking-again";
    this.#state = "stopped";
    if (looking) await new Promise<void>((resolve) => this.#whenRested.push(resolve));
  }

  /** What is due by now and is not left alone: of each sort at least so much, where there is so much. */
  async due(now: number, limit: number): Promise<DuePage> {
    const { stores, worker, pools, leftAlone } = this.#options;
    const { capabilities } = worker;
    for (;;) {
      const query = { now, limit: limit + this.#passedOver, pools, capabilities };
      const page = await stores.due(query);
      if (leftAlone.isEmpty) {
        this.#passedOver = 0;
        return page;
      }
      const due = page.due.filter((entry) => !leftAlone.has(nameOf(entry)));
      const before = this.#passedOver;
      this.#passedOver = page.due.length - due.length;
      if (this.#passedOver <= before) return { due, nextAt: page.nextAt };
    }
  }

  /** Looks soon if work was left waiting for a slot; who has none waiting need not ask. */
  wakeForWaiting(): void {
    if (this.#oldestWaiting !== null) this.wake();
  }

  /** Looks soon: after what is under way now has had its turn. */
  wake(): void {
    if (this.#state === "looking") this.#state = "looking-again";
    if (this.#state !== "resting") return;
    this.#state = "looking";
    this.#timer?.cancel();
    this.#options.runtime.defer(() => void this.#look());
  }

  async #look(): Promise<void> {
    let nextAt: number | null = null;
    let spread = 1;
    try {
      nextAt = await this.#round();
    } catch (error) {
      this.#options.onFault(error);
      // A store that was away comes back for all processes at once.
      this.#faults += 1;
      spread = 0.5 + this.#options.runtime.chance("look again", this.#faults) / 2;
    }
    const again = this.#state === "looking-again";
    if (this.#state === "stopped") {
      for (const resolve of this.#whenRested.splice(0)) resolve();
      return;
    }
    this.#state = "resting";
    if (again) this.wake();
    else this.#rest(nextAt, spread);
  }

  #rest(nextAt: number | null, spread: number): void {
    const { runtime, sweepMs } = this.#options;
    const untilNext = nextAt === null ? Math.round(sweepMs * spread) : nextAt - runtime.now();
    const waitMs = Math.max(0, Math.min(sweepMs, untilNext));
    this.#timer = runtime.setTimer(waitMs, () => this.wake());
  }

  /** One look at what is due; gives the time of what is due next. */
  async #round(): Promise<number | null> {
    const { runtime, leftAlone } = this.#options;
    const { due, nextAt } = await this.due(runtime.now(), PAGE);
    const ready = due.filter((entry) => entry.why === "ready");
    await Promise.all([
      ...due
        .filter((entry) => entry.why === "timer")
        .map((entry) => leftAlone.tries(nameOf(entry), () => this.#fire(entry))),
      ...byReceiver(due)
        .entries()
        .map(([receiver, messages]) => leftAlone.tries(receiver, () => this.#deliver(messages))),
      this.#lease(ready),
    ]);
    if (due.length - ready.length >= PAGE) this.#lookAgain();
    return nextAt;
  }

  /** Shares the free slots among the plans that have ready work, in the order of `due`. */
  async #lease(ready: readonly ReadyDue[]): Promise<void> {
    const { worker, runtime, leftAlone } = this.#options;
    // By a clock that only grows: one that is set back must not let work rest for as long.
    const now = runtime.monotonic();
    const waiting = this.#inOrder(ready).filter((entry) => !this.#rests(entry, now));
    const alone = waiting.find((entry) => entry.lane.alone);
    this.#someoneMustRunAlone = alone !== undefined;
    // A step that must run alone waits for the worker to be empty, and nothing new begins meanwhile.
    const served = alone === undefined ? waiting : worker.busy === 0 ? [alone] : [];
    const plans = [...new Map(served.map((entry) => [entry.planId, entry])).values()];
    let free = worker.free;
    const asked: Promise<boolean>[] = [];
    for (const [index, entry] of plans.entries()) {
      if (free < 1) break;
      const slots = Math.ceil(free / (plans.length - index));
      free -= slots;
      asked.push(leftAlone.tries(nameOf(entry), () => this.#leaseFrom(entry, slots, now)));
    }
    const left = plans.slice(asked.length).map((entry) => this.#waitsSince(entry));
    this.#oldestWaiting = left.length === 0 ? null : Math.min(...left);
    await Promise.all(asked);
    const isMore = asked.length < plans.length || ready.length >= PAGE;
    if (asked.length > 0 && isMore && worker.free > 0) this.#lookAgain();
  }

  /** As `due` orders them; what a clock that was ahead put in line goes before those that came later. */
  #inOrder(ready: readonly ReadyDue[]): readonly ReadyDue[] {
    const now = this.#options.runtime.now();
    const seen = this.#seenAhead;
    const ahead = ready.filter(({ at }) => at > now + PATIENCE_MS);
    this.#seenAhead = new Map(ahead.map(restKey).map((key) => [key, seen.get(key) ?? now]));
    if (ahead.length === 0) return ready;
    const line = ready.filter((entry) => !ahead.includes(entry));
    for (const entry of ahead) {
      const since = this.#waitsSince(entry);
      const place = line.findIndex(
        (other) => other.priority <= entry.priority && this.#waitsSince(other) > since,
      );
      line.splice(place === -1 ? line.length : place, 0, entry);
    }
    return line;
  }

  #waitsSince(entry: ReadyDue): number {
    return this.#seenAhead.get(restKey(entry)) ?? entry.at;
  }

  /** What has come into the lane since it gave nothing does not rest. */
  #rests(entry: ReadyDue, now: number): boolean {
    const resting = this.#resting.get(restKey(entry));
    return resting !== undefined && resting.at === entry.at && resting.until > now;
  }

  #lookAgain(): void {
    if (this.#state === "looking") this.#state = "looking-again";
  }

  async #leaseFrom(entry: ReadyDue, slots: number, now: number): Promise<void> {
    const decision = await this.#options.worker.lease(entry.tenantId, entry.planId, slots);
    if (decision === null) return;
    if (decision.ok && decision.events.length > 0) {
      this.#resting.delete(restKey(entry));
      this.#seenAhead.delete(restKey(entry));
      return;
    }
    // Others have been quicker: it is not due while there is no room, and at once when there is.
    if (decision.ok && decision.withheld !== undefined) return;
    if (this.#resting.size > 10_000) this.#resting.clear();
    this.#resting.set(restKey(entry), { at: entry.at, until: now + this.#options.sweepMs });
  }

  async #fire(entry: TimerDue): Promise<void> {
    const { tenantId, planId, stepKey } = entry;
    await this.#options.committer.commit({
      tenantId,
      planId,
      type: "timer.fire",
      data: { stepKey },
      actor: SYSTEM,
    });
  }

  /** In the order in which they were left: a sub-plan is started before it is cancelled. */
  async #deliver(messages: readonly Delivery[]): Promise<void> {
    for (const { tenantId, message } of messages) {
      await this.#options.messenger.deliver(tenantId, message);
    }
  }
}

interface Resting {
  /** Since when somebody had stood in the lane. */
  readonly at: number;
  readonly until: number;
}

type ReadyDue = Extract<Due, { why: "ready" }>;
type TimerDue = Extract<Due, { why: "timer" }>;

function restKey({ planId, lane }: ReadyDue): string {
  return `${planId}\n${lane.pool}\n${lane.capability}\n${lane.alone}`;
}

type Delivery = Pick<Extract<Due, { why: "message" }>, "tenantId" | "message">;

function byReceiver(due: readonly Due[]): ReadonlyMap<string, readonly Delivery[]> {
  return Map.groupBy(
    due.filter((entry) => entry.why === "message"),
    nameOf,
  );
}

/**
 * What is left alone together: the work of a plan, and the messages to it. Those come from another
 * plan, which may be the one that cannot be carried on.
 */
function nameOf({ tenantId, planId, why }: Due): string {
  return `${why === "message" ? "to" : "of"}\n${tenantId}\n${planId}`;
}
