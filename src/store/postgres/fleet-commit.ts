import { setTimeout as pause } from "node:timers/promises";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decision } from "../../core/plan/decision.ts";
import type { TenantId } from "../../core/id.ts";
import type { StoreClock } from "../clock.ts";
import { cacheKey } from "../plan-cache.ts";
import { StoreFault } from "../store.ts";
import type { Answer, Submission } from "../wave.ts";
import { isKnownCommand } from "./known-command.ts";
import type { PlanGate } from "./plan-gate.ts";

/** Who decides a wave and writes it. */
export interface WaveCarrier {
  /** Throws where nothing may be said of any of the commands. */
  carryOut(tenantId: TenantId, wave: PendingWave): Promise<CarriedWave>;
  /** What is folded of a plan may not be what the database has. */
  forget(planKey: string): void;
}

export interface PendingWave {
  readonly submissions: readonly Submission[];
  /** They may have been answered before: look. */
  readonly mayBeKnown: boolean;
  /** Another process works on the plan as well: hold it while deciding. One plan only. */
  readonly contended: boolean;
  /** Other processes have been in the way of late: what is folded may be old. */
  readonly hasCompany: boolean;
}

export interface CarriedWave {
  /** `again` where another process has changed the plan meanwhile. */
  readonly answers: ReadonlyMap<Submission, Answer>;
  /** Somebody else has written of these plans since this process last did. */
  readonly hadNews: boolean;
}

export interface FleetCommitOptions {
  readonly clock: StoreClock;
  readonly carrier: WaveCarrier;
  readonly gate: PlanGate;
  /** Waves under way at once. */
  readonly waves: number;
  /** Between 0 and 1, to spread those that try again. */
  readonly chance: () => number;
}

/** Longer waves gain little more and keep the others waiting. */
const COMMANDS_PER_WAVE = 64;
/** A database that is away for longer is the caller's to wait for. */
const PATIENCE_MS = 8000;
const TRIES_MAX = 5;
/** Far more than any other process can be in the way of who holds the plan. */
const ROUNDS_MAX = 20;
/** A plan that a command has lost so often is held: whoever lost it once may find nothing to do there. */
const LOST_MAX = 2;
/** So many waves without news hold such a plan, before they trust what is folded again. */
const HELD_WAVES = 16;
/** How long others that were in the way are expected to be so again. */
const COMPANY_MS = 5000;

/**
 * Commits that wait at the same time share one transaction. Each plan is in one wave at a time, and
 * waves of other plans go out beside it. Everybody is answered after COMMIT; where its outcome is
 * unknown, the commands are looked up by their ids before anything is said (P2).
 */
export class FleetCommit {
  readonly #options: FleetCommitOptions;
  readonly #queues = new Map<TenantId, Waiting[]>();
  readonly #contended = new Map<string, number>();
  #lastLossAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #isDeferred = false;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: FleetCommitOptions) {
    this.#options = options;
  }

  commit(submission: Submission): Promise<Decision> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      const queue = this.#queueOf(submission.tenantId);
      queue.push({ submission, resolve, reject, state: NEW, since: null, tries: 0, lost: 0 });
      this.pump();
    });
  }

  /** Begins what can begin, after what is under way now has had its turn. */
  readonly pump = (): void => {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#options.clock.defer(() => {
      this.#isDeferred = false;
      this.#beginAll();
    });
  };

  /** Carries out what still waits; from then on everything is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#queues.size === 0 && this.#underWay === 0) return;
    this.pump();
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #beginAll(): void {
    let began = true;
    while (began) {
      began = false;
      for (const [tenantId, queue] of this.#queues) {
        if (this.#underWay >= this.#options.waves) return;
        const wave = this.#next(queue);
        if (queue.length === 0) this.#queues.delete(tenantId);
        if (wave === null) continue;
        began = true;
        this.#underWay += 1;
        void this.#run(tenantId, wave);
      }
    }
    if (this.#queues.size > 0 || this.#underWay > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** The longest in line whose plans nobody is at, and those that fit in with the first. */
  #next(queue: Waiting[]): NextWave | null {
    const members: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new Set<string>();
    let lead: { readonly state: WaitingState; readonly contended: string | null } | null = null;
    for (const waiting of queue) {
      const key = keyOf(waiting);
      const contended = this.#contended.has(key) ? key : null;
      const fits =
        members.length < COMMANDS_PER_WAVE &&
        (lead === null ||
          (lead.state === waiting.state && lead.contended === contended && !waiting.state.alone));
      if (fits && (keys.has(key) || this.#options.gate.tryEnter(key))) {
        lead ??= { state: waiting.state, contended };
        keys.add(key);
        members.push(waiting);
      } else left.push(waiting);
    }
    if (lead === null) return null;
    queue.splice(0, queue.length, ...left);
    return { members, keys, state: lead.state, contended: lead.contended !== null };
  }

  async #run(tenantId: TenantId, wave: NextWave): Promise<void> {
    const { members, keys, state, contended } = wave;
    const submissions = members.map(({ submission }) => submission);
    try {
      const { mayBeKnown } = state;
      const hasCompany = this.#options.clock.now() - this.#lastLossAt < COMPANY_MS;
      const pending = { submissions, mayBeKnown, contended, hasCompany };
      const { answers, hadNews } = await this.#options.carrier.carryOut(tenantId, pending);
      if (contended) for (const key of keys) this.#coolDown(key, hadNews);
      this.#answer(tenantId, members, answers);
    } catch (error) {
      for (const key of keys) this.#options.carrier.forget(key);
      this.#fail(tenantId, members, error);
    } finally {
      this.#underWay -= 1;
      for (const key of keys) this.#options.gate.leave(key);
      this.pump();
    }
  }

  #answer(
    tenantId: TenantId,
    members: readonly Waiting[],
    answers: ReadonlyMap<Submission, Answer>,
  ): void {
    const again: Waiting[] = [];
    for (const waiting of members) {
      const answer = answers.get(waiting.submission);
      if (answer?.kind === "decided") waiting.resolve(answer.decision);
      else if (answer?.kind === "failed") waiting.reject(answer.error);
      else if (waiting.lost >= ROUNDS_MAX) waiting.reject(undecided());
      else again.push(this.#lose(waiting));
    }
    this.#requeue(tenantId, again);
  }

  #lose(waiting: Waiting): Waiting {
    const lost = waiting.lost + 1;
    this.#lastLossAt = this.#options.clock.now();
    if (lost >= LOST_MAX) this.#contended.set(keyOf(waiting), HELD_WAVES);
    // Another process may have carried out this very command: that is looked up as well.
    const isNew = lost === 1 && OWN.has(waiting.submission.command.type);
    return { ...waiting, lost, state: isNew || waiting.state.mayBeKnown ? waiting.state : KNOWN };
  }

  #fail(tenantId: TenantId, members: readonly Waiting[], error: unknown): void {
    const how = howToGoOn(error, members.length);
    if (how === "give-up") {
      for (const waiting of members) waiting.reject(error);
      return;
    }
    const now = this.#options.clock.now();
    const again: Waiting[] = [];
    for (const waiting of members) {
      const since = waiting.since ?? now;
      const tries = waiting.tries + 1;
      const isOver = how === "wait" ? now - since > PATIENCE_MS : tries > TRIES_MAX;
      if (isOver || this.#isClosed) waiting.reject(error);
      else again.push({ ...waiting, since, tries, state: how === "alone" ? ALONE : KNOWN });
    }
    if (again.length > 0) void this.#goOnLater(tenantId, again, how);
  }

  async #goOnLater(
    tenantId: TenantId,
    again: readonly Waiting[],
    how: "wait" | "retry" | "alone",
  ): Promise<void> {
    this.#underWay += 1;
    const tries = again[0]?.tries ?? 1;
    const slowest = how === "wait" ? Math.min(50 * 2 ** tries, 500) : 20 * tries;
    if (how !== "alone") await pause(slowest * (0.5 + this.#options.chance() / 2));
    this.#underWay -= 1;
    this.#requeue(tenantId, again);
  }

  #requeue(tenantId: TenantId, again: readonly Waiting[]): void {
    if (again.length === 0) return;
    this.#queueOf(tenantId).unshift(...again);
    this.pump();
  }

  #coolDown(key: string, hadNews: boolean): void {
    const left = hadNews ? HELD_WAVES : (this.#contended.get(key) ?? 1) - 1;
    if (left > 0) this.#contended.set(key, left);
    else this.#contended.delete(key);
  }

  #queueOf(tenantId: TenantId): Waiting[] {
    let queue = this.#queues.get(tenantId);
    if (queue === undefined) this.#queues.set(tenantId, (queue = []));
    return queue;
  }
}

interface Waiting {
  readonly submission: Submission;
  readonly state: WaitingState;
  /** Since when the database has been away for it. */
  readonly since: number | null;
  readonly tries: number;
  /** How often another process was quicker. */
  readonly lost: number;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingState {
  readonly mayBeKnown: boolean;
  /** It failed together with others, and one of them may be why. */
  readonly alone: boolean;
}

interface NextWave {
  readonly members: readonly Waiting[];
  readonly keys: ReadonlySet<string>;
  readonly state: WaitingState;
  readonly contended: boolean;
}

/** Commands whose ids only one process ever sends. */
const OWN: ReadonlySet<PlanCommand["type"]> = new Set<PlanCommand["type"]>([
  "attempt.lease",
  "attempt.report",
]);

const NEW: WaitingState = { mayBeKnown: false, alone: false };
const KNOWN: WaitingState = { mayBeKnown: true, alone: false };
const ALONE: WaitingState = { mayBeKnown: true, alone: true };

function keyOf({ submission }: Waiting): string {
  return cacheKey(submission.tenantId, submission.command.planId);
}

function howToGoOn(error: unknown, members: number): "wait" | "retry" | "alone" | "give-up" {
  if (isKnownCommand(error)) return "retry";
  if (!StoreFault.is(error)) return "give-up";
  if (error.code === "unreachable" && error.retryable) return "wait";
  if (error.code === "failed" && error.retryable) return "retry";
  return error.code === "failed" && members > 1 ? "alone" : "give-up";
}

/** It was decided while its plan was held, again and again, and the database never had it so. */
function undecided(): StoreFault {
  const message = "the database contradicts itself about this plan: run planwright doctor";
  return new StoreFault("failed", message, { retryable: true });
}

function closed(): StoreFault {
  return new StoreFault("closed", "the store has been closed");
}
