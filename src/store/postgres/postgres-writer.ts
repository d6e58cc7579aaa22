import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import type { Pure } from "../../core/pure.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { StoreClock } from "../clock.ts";
import { decideWave, type DecidedWave } from "../decide-wave.ts";
import { isOfOnePlan } from "../fold-fault.ts";
import type { HeldPlan } from "../held-plan.ts";
import { cacheKey, type PlanCache } from "../plan-cache.ts";
import type { Answer, Submission } from "../wave.ts";
import { catchUp, readNews } from "./catch-up.ts";
import type { CommandPruning } from "./command-pruning.ts";
import type { Driver, Session, Transaction } from "./driver.ts";
import type { CarriedWave, PendingWave, WaveCarrier } from "./fleet-commit.ts";
import { keysToTake } from "./keys-to-take.ts";
import type { KnownLimits } from "./known-limits.ts";
import { poolsWithWork } from "./pools-with-work.ts";
import { demandPlans } from "./sql/demand-plans.ts";
import { holdLimits } from "./sql/limits.ts";
import { loadPlan } from "./sql/load-plan.ts";
import { lockPlan } from "./sql/lock-plan.ts";
import type { Owner } from "./sql/save-due.ts";
import { takePlanNumbers } from "./sql/take-plan-numbers.ts";
import type { Tenants } from "./tenants.ts";
import { WaveLookup } from "./wave-lookup.ts";
import { lookUpCommands } from "./look-up-commands.ts";
import { writeWave, type Written } from "./write-wave.ts";

export interface PostgresWriterOptions {
  readonly driver: Driver;
  readonly clock: StoreClock;
  readonly cache: PlanCache;
  readonly pure: Pure;
  readonly tenants: Tenants;
  readonly limits: KnownLimits;
  readonly pruning: CommandPruning;
  /** Hears after a commit which pools may have work by it. */
  readonly tell: (pools: Iterable<string>) => void;
}

/** Decides waves on folded plans, and writes them where the plans still stand as they were folded. */
export class PostgresWriter implements WaveCarrier {
  readonly #options: PostgresWriterOptions;
  readonly #numbers: number[] = [];

  constructor(options: PostgresWriterOptions) {
    this.#options = options;
  }

  async carryOut(tenantId: TenantId, pending: PendingWave): Promise<CarriedWave> {
    const { driver, tenants } = this.#options;
    const tenantNo = await tenants.ensure(tenantId);
    const owner = { tenantId, tenantNo };
    // Beside the wave: nobody waits for what is forgotten.
    void this.#options.pruning.beside(tenantNo);
    if (!pending.contended) return this.#carryOutFreely(owner, pending);
    const lookup = this.#newLookup();
    const { wave, written, hadNews } = await driver.transaction({ tenantNo }, (transaction) =>
      this.#carryOutHolding(transaction, owner, pending, lookup),
    );
    return { answers: this.#keep(pending, { wave, lookup }, await written), hadNews };
  }

  forget(planKey: string): void {
    this.#options.cache.delete(planKey);
  }

  /** Decided on what is folded, and written if that was the newest: one round trip. */
  async #carryOutFreely(owner: Owner, pending: PendingWave): Promise<CarriedWave> {
    const { cache, driver, pure } = this.#options;
    const session = driver.as({ tenantNo: owner.tenantNo });
    const lookup = this.#newLookup();
    const missing = new Set<PlanId>();
    const old: HeldPlan[] = [];
    for (const { command } of pending.submissions) {
      if (lookup.plans.has(command.planId)) continue;
      const cached = cache.get(cacheKey(owner.tenantId, command.planId));
      lookup.plans.set(command.planId, cached);
      // Also one that is to be made: where nothing comes of it, no version is demanded, and the wave
      // would not find out that it is there.
      if (cached === null) missing.add(command.planId);
      // Work in line may have come from another process.
      const mayBeOld = pending.hasCompany && command.type === "attempt.lease";
      if (cached !== null && mayBeOld) old.push(cached);
    }
    if (missing.size + old.length > 0) {
      await Promise.all([
        this.#loadAll(session, owner, missing, lookup),
        this.#catchUpAll(session, owner, old, lookup),
      ]);
    }
    await this.#complete(lookup, session, owner, pending);
    const keys = await this.#limitsOf(owner, pending, lookup);
    if (keys.length > 0) return this.#carryOutSharing(owner, pending, lookup, keys);
    const wave = decideWave(pending.submissions, lookup, pure);
    const looks = looksOf(pending.submissions, wave, lookup);
    const { written } = await driver.transaction(
      { tenantNo: owner.tenantNo },
      async (transaction) => this.#write(transaction, owner, looks, wave),
    );
    return { answers: this.#keep(pending, { wave, lookup }, await written), hadNews: false };
  }

  /**
   * Decided while the plans that stand and what limits them are held, plans first: nobody takes from
   * the same in between. One round trip more.
   */
  async #carryOutSharing(
    owner: Owner,
    pending: PendingWave,
    lookup: WaveLookup,
    keys: readonly LimitKey[],
  ): Promise<CarriedWave> {
    const { driver, pure } = this.#options;
    const { tenantNo } = owner;
    const { wave, written } = await driver.transaction({ tenantNo }, async (transaction) => {
      const [standing] = await Promise.all([
        demandPlans(transaction, [...lookup.plans.values()].flatMap(demandOf)),
        this.#holdLimits(transaction, owner, lookup, keys),
      ]);
      const submissions = pending.submissions.filter(({ command }) => {
        const held = lookup.plans.get(command.planId) ?? null;
        return held === null || standing.has(held.no);
      });
      const decided = decideWave(submissions, lookup, pure);
      const looks = looksOf(submissions, decided, lookup);
      return { wave: decided, ...this.#write(transaction, owner, looks, decided) };
    });
    return { answers: this.#keep(pending, { wave, lookup }, await written), hadNews: false };
  }

  /** Decided while the plan is held, on what it is by now: two round trips, and never in vain. */
  async #carryOutHolding(
    transaction: Transaction,
    owner: Owner,
    pending: PendingWave,
    lookup: WaveLookup,
  ): Promise<HeldWave> {
    let hadNews = false;
    const [first] = pending.submissions;
    if (first !== undefined) {
      const { planId } = first.command;
      const locked = await this.#holdLocked(transaction, owner, planId);
      lookup.plans.set(planId, locked.held);
      ({ hadNews } = locked);
    }
    await this.#complete(lookup, transaction, owner, pending);
    const keys = await this.#limitsOf(owner, pending, lookup);
    if (keys.length > 0) await this.#holdLimits(transaction, owner, lookup, keys);
    const wave = decideWave(pending.submissions, lookup, this.#options.pure);
    const looks = looksOf(pending.submissions, wave, lookup);
    return { wave, hadNews, ...this.#write(transaction, owner, looks, wave) };
  }

  async #holdLocked(
    transaction: Transaction,
    owner: Owner,
    planId: PlanId,
  ): Promise<{ readonly held: HeldPlan | null; readonly hadNews: boolean }> {
    const cached = this.#options.cache.get(cacheKey(owner.tenantId, planId));
    const lock = lockPlan(transaction, owner.tenantNo, planId);
    if (cached === null) {
      await lock;
      return { held: await loadPlan(transaction, owner.tenantNo, planId), hadNews: true };
    }
    const [, news] = await Promise.all([lock, readNews(transaction, cached)]);
    catchUp(cached, news);
    return { held: cached, hadNews: news.events.length > 0 };
  }

  async #loadAll(
    session: Session,
    { tenantNo }: Owner,
    missing: ReadonlySet<PlanId>,
    lookup: WaveLookup,
  ): Promise<void> {
    await Promise.all(
      [...missing].map((planId) =>
        orFault(planId, lookup, async () => {
          lookup.plans.set(planId, await loadPlan(session, tenantNo, planId));
        }),
      ),
    );
  }

  async #catchUpAll(
    session: Session,
    { tenantId }: Owner,
    old: readonly HeldPlan[],
    lookup: WaveLookup,
  ): Promise<void> {
    await Promise.all(
      old.map((held) => {
        const planId = held.plan.id;
        return orFault(planId, lookup, async () => {
          const news = await readNews(session, held);
          // What goes wrong half-way is not kept.
          this.forget(cacheKey(tenantId, planId));
          catchUp(held, news);
        });
      }),
    );
  }

  async #complete(
    lookup: WaveLookup,
    session: Session,
    owner: Owner,
    { submissions, mayBeKnown }: PendingWave,
  ): Promise<void> {
    if (mayBeKnown) await lookUpCommands(session, owner, submissions, lookup.commands);
    const created = submissions.filter(({ command }) => command.type === "plan.create").length;
    while (this.#numbers.length < created) {
      this.#numbers.push(...(await takePlanNumbers(session)));
    }
    lookup.numbers.push(...this.#numbers.splice(0, created));
  }

  /** What a wave that may lease has to hold; nothing where nothing is limited. */
  async #limitsOf(
    { tenantNo }: Owner,
    { submissions }: PendingWave,
    lookup: WaveLookup,
  ): Promise<readonly LimitKey[]> {
    const { limits } = this.#options;
    if (limits.isFresh && limits.isEmpty) return [];
    const keys = keysToTake(submissions, lookup.plans);
    if (keys.size === 0) return [];
    if (!limits.isFresh) await limits.read();
    return limits.among(tenantNo, keys);
  }

  async #holdLimits(
    transaction: Transaction,
    { tenantNo }: Owner,
    lookup: WaveLookup,
    keys: readonly LimitKey[],
  ): Promise<void> {
    const limits = await holdLimits(transaction, tenantNo, keys);
    for (const limit of limits) lookup.limits.set(limit.key, limit);
  }

  #newLookup(): WaveLookup {
    const { pure } = this.#options;
    return new WaveLookup((text) => pure.digest(text));
  }

  /** Not awaited: COMMIT goes out with it. */
  #write(
    transaction: Transaction,
    owner: Owner,
    looks: readonly CommandId[],
    wave: DecidedWave,
  ): { readonly written: Promise<Written> } {
    const written = writeWave(transaction, owner, looks, wave, this.#options.clock.now());
    // Where it fails the transaction does, and says so.
    written.catch(() => undefined);
    return { written };
  }

  /** What was won stays folded; who lost is to be decided again. */
  #keep(
    { submissions }: PendingWave,
    { wave, lookup }: { readonly wave: DecidedWave; readonly lookup: WaveLookup },
    { won, known }: Written,
  ): ReadonlyMap<Submission, Answer> {
    const { cache, tell } = this.#options;
    const answers = new Map<Submission, Answer>();
    const hasLost = [...wave.held.values()].some(({ held }) => !won.has(held.no));
    const written = new Set(wave.plans.map(({ held }) => held.no));
    for (const submission of submissions) {
      const key = cacheKey(submission.tenantId, submission.command.planId);
      const decided = wave.held.get(key);
      const isLost = decided !== undefined && !won.has(decided.held.no);
      const answer = wave.answers.get(submission) ?? AGAIN;
      // Its id may have been used by a command of a plan that was lost, of which nothing is kept.
      const isOpen = isLost || known.has(submission.command.id) || (hasLost && isReused(answer));
      answers.set(submission, isOpen ? AGAIN : answer);
      // What is folded of a plan that nothing was decided of is old, and nothing worse.
      if (decided === undefined || (isLost && written.has(decided.held.no))) cache.delete(key);
    }
    for (const [key, { held }] of wave.held) {
      if (!won.has(held.no)) continue;
      held.rowStatus = held.plan.status;
      cache.put(key, held);
    }
    const changes = wave.plans.filter(({ held }) => won.has(held.no));
    tell(poolsWithWork(changes, lookup.room()));
    return answers;
  }
}

function isReused(answer: Answer): boolean {
  if (answer.kind !== "decided" || answer.decision.ok) return false;
  return answer.decision.refusal.code === "command-reused";
}

const AGAIN: Answer = { kind: "again" };

interface HeldWave {
  readonly wave: DecidedWave;
  readonly written: Promise<Written>;
  readonly hadNews: boolean;
}

/** One plan that cannot be folded is no fault of the others. */
async function orFault(
  planId: PlanId,
  lookup: WaveLookup,
  fetch: () => Promise<void>,
): Promise<void> {
  try {
    await fetch();
  } catch (error) {
    if (!isOfOnePlan(error)) throw error;
    lookup.faults.set(planId, error);
  }
}

function demandOf(held: HeldPlan | null): { no: number; version: number }[] {
  return held === null ? [] : [{ no: held.no, version: held.plan.version }];
}

/** Commands that nothing is kept of: if they were sent before, they may have come to something then. */
function looksOf(
  submissions: readonly Submission[],
  wave: DecidedWave,
  lookup: WaveLookup,
): readonly CommandId[] {
  const kept = new Set(wave.commands.map(({ id }) => id));
  return submissions
    .filter((submission) => {
      const answer = wave.answers.get(submission);
      const { id } = submission.command;
      return answer?.kind === "decided" && !kept.has(id) && !lookup.commands.has(id);
    })
    .map(({ command }) => command.id);
}
