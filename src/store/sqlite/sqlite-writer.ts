import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import { UNLIMITED, type Room } from "../../core/shared/room.ts";
import { roomIn, type SharedLimit } from "../../core/shared/shared-limit.ts";
import type { StoreClock } from "../clock.ts";
import type { WaveSource } from "../decide-wave.ts";
import type { WaveStore } from "../group-commit.ts";
import type { HeldPlan } from "../held-plan.ts";
import { changedLimit, unsetLimit, type LimitChange } from "../limit-change.ts";
import { cacheKey, type PlanCache } from "../plan-cache.ts";
import type { CommandRecord, EventSpan, PlanChange, Wave } from "../wave.ts";
import type { Driver } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { appendEvents } from "./sql/append-events.ts";
import { needsCheckpoint, saveCheckpoint } from "./sql/checkpoints.ts";
import { findCommand, nextPrune, pruneCommands, saveCommand } from "./sql/commands.ts";
import { applyTakes, findLimit, hasLimits, saveLimit } from "./sql/limits.ts";
import { loadPlan } from "./sql/load-plan.ts";
import { lastPlanNo } from "./sql/list-plans.ts";
import { firstPosition, lastFeedNumber } from "./sql/positions.ts";
import { readSpan } from "./sql/read-events.ts";
import { findRevision, saveRevision } from "./sql/revisions.ts";
import { saveDue, settleMessage } from "./sql/save-due.ts";
import { saveProjections } from "./sql/save-projections.ts";
import { ensureTenant, findTenant } from "./sql/tenants.ts";

/** What the owner remembers of a tenant: it is the only one who writes. */
interface Tenant {
  readonly no: number;
  /** Number of the last event in its feed. */
  feedNumber: number;
}

/** A tenant that has no number yet has no limits of its own. */
const NOBODY = -1;

export interface SqliteWriterOptions {
  readonly driver: Driver;
  readonly clock: StoreClock;
  readonly cache: PlanCache;
  readonly digest: (text: string) => string;
}

/** The owner's side: what waves look up, and how they are written. */
export class SqliteWriter implements WaveStore, WaveSource, PlanHolder {
  readonly #driver: Driver;
  readonly #clock: StoreClock;
  readonly #cache: PlanCache;
  readonly #digest: (text: string) => string;
  readonly #tenants = new Map<TenantId, Tenant>();
  /** Whether anything limits anybody; null where that has to be looked up. */
  #isLimited: boolean | null = null;
  #planNo: number;
  /** When the oldest answer to a command may be forgotten. */
  #pruneAt: number | null;

  constructor({ driver, clock, cache, digest }: SqliteWriterOptions) {
    this.#driver = driver;
    this.#clock = clock;
    this.#cache = cache;
    this.#digest = digest;
    this.#planNo = lastPlanNo(driver);
    this.#pruneAt = nextPrune(driver);
  }

  get source(): WaveSource {
    return this;
  }

  transaction<T>(work: () => T): T {
    try {
      return this.#driver.transaction(work);
    } catch (error) {
      // What was counted on in memory was not written.
      this.#tenants.clear();
      this.#isLimited = null;
      throw error;
    }
  }

  write(wave: Wave): void {
    const now = this.#clock.now();
    for (const change of wave.plans) this.#writePlan(change);
    for (const record of wave.commands) {
      saveCommand(this.#driver, this.#ensureTenant(record.tenantId).no, record, now);
    }
    for (const settled of wave.settled) {
      const tenantNo = this.tenantNo(settled.tenantId);
      if (tenantNo !== null) settleMessage(this.#driver, tenantNo, settled);
    }
    if (wave.commands.length > 0) this.#prune(now);
  }

  tenantNo(tenantId: TenantId): number | null {
    return this.#tenant(tenantId)?.no ?? null;
  }

  hold(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const key = cacheKey(tenantId, planId);
    const cached = this.#cache.get(key);
    if (cached !== null) return cached;
    const held = this.#load(tenantId, planId);
    if (held !== null) this.#cache.put(key, held);
    return held;
  }

  /** Kept in the cache once the wave has been written. */
  findPlan(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    return this.#cache.get(cacheKey(tenantId, planId)) ?? this.#load(tenantId, planId);
  }

  findCommand(tenantId: TenantId, id: CommandId): CommandRecord | null {
    const tenantNo = this.tenantNo(tenantId);
    return tenantNo === null ? null : findCommand(this.#driver, tenantNo, tenantId, id);
  }

  readEvents(span: EventSpan): readonly PlanEvent[] {
    return readSpan(this.#driver, span);
  }

  readRevision(planNo: number, number: number): Revision {
    return known(findRevision(this.#driver, planNo, number), `revision ${number}`);
  }

  room(tenantId: TenantId): Room {
    this.#isLimited ??= hasLimits(this.#driver);
    if (!this.#isLimited) return UNLIMITED;
    const tenantNo = this.tenantNo(tenantId) ?? NOBODY;
    return (key) => roomIn(findLimit(this.#driver, tenantNo, key));
  }

  /** Inside a transaction. */
  changeLimit(tenantId: TenantId, key: LimitKey, change: LimitChange): SharedLimit {
    const tenantNo = this.#ensureTenant(tenantId).no;
    const before = findLimit(this.#driver, tenantNo, key) ?? unsetLimit(key);
    const after = changedLimit(before, change, this.#clock.now());
    saveLimit(this.#driver, tenantNo, after);
    this.#isLimited = null;
    return after;
  }

  newPlanNo(): number {
    this.#planNo += 1;
    return this.#planNo;
  }

  digest(text: string): string {
    return this.#digest(text);
  }

  #load(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const tenantNo = this.tenantNo(tenantId);
    return tenantNo === null ? null : loadPlan(this.#driver, tenantNo, planId);
  }

  #writePlan(change: PlanChange): void {
    const { held, events, revisions } = change;
    const tenant = this.#ensureTenant(change.tenantId);
    const position = firstPosition(tenant.no) + tenant.feedNumber + 1;
    appendEvents(this.#driver, held.no, events, position);
    tenant.feedNumber += events.length;
    for (const revision of revisions) saveRevision(this.#driver, held.no, revision);
    saveProjections(this.#driver, tenant.no, change);
    saveDue(this.#driver, tenant.no, change);
    applyTakes(this.#driver, tenant.no, change.takes);
    if (needsCheckpoint(held)) saveCheckpoint(this.#driver, held);
  }

  #prune(now: number): void {
    if (this.#pruneAt !== null && this.#pruneAt > now) return;
    pruneCommands(this.#driver, now);
    this.#pruneAt = nextPrune(this.#driver);
  }

  #tenant(tenantId: TenantId): Tenant | null {
    const tenant = this.#tenants.get(tenantId);
    if (tenant !== undefined) return tenant;
    const no = findTenant(this.#driver, tenantId);
    return no === null ? null : this.#keep(tenantId, no);
  }

  #ensureTenant(tenantId: TenantId): Tenant {
    return this.#tenant(tenantId) ?? this.#keep(tenantId, ensureTenant(this.#driver, tenantId));
  }

  #keep(tenantId: TenantId, no: number): Tenant {
    const tenant = { no, feedNumber: lastFeedNumber(this.#driver, no) };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }
}
