import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import { fold } from "../../core/plan/evolve.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { Room } from "../../core/shared/room.ts";
import type { WaveSource } from "../decide-wave.ts";
import type { HeldPlan } from "../held-plan.ts";
import { cacheKey, type PlanCache } from "../plan-cache.ts";
import type { CommandRecord, EventSpan } from "../wave.ts";
import { roomOf } from "./limits.ts";
import type { PlanTables, Tables } from "./tables.ts";

/** What waves and readers look up in memory. */
export class MemorySource implements WaveSource {
  readonly #tables: Tables;
  readonly #cache: PlanCache;
  readonly #digest: (text: string) => string;

  constructor(tables: Tables, cache: PlanCache, digest: (text: string) => string) {
    this.#tables = tables;
    this.#cache = cache;
    this.#digest = digest;
  }

  /** A folded plan, kept from now on; null where there is none. */
  hold(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const held = this.findPlan(tenantId, planId);
    if (held !== null) this.#cache.put(cacheKey(tenantId, planId), held);
    return held;
  }

  findPlan(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const cached = this.#cache.get(cacheKey(tenantId, planId));
    if (cached !== null) return cached;
    const plan = this.#tables.tenants.get(tenantId)?.plans.get(planId);
    return plan === undefined ? null : this.#fold(plan);
  }

  findCommand(tenantId: TenantId, id: CommandId): CommandRecord | null {
    return this.#tables.tenants.get(tenantId)?.commands.get(id)?.record ?? null;
  }

  readEvents({ planNo, first, last }: EventSpan): readonly PlanEvent[] {
    const { log } = this.#plan(planNo);
    return log.slice(first - 1, last).map(({ text }) => JSON.parse(text));
  }

  readRevision(planNo: number, number: number): Revision {
    return JSON.parse(known(this.#plan(planNo).revisions.get(number), `revision ${number}`));
  }

  room(tenantId: TenantId): Room {
    return roomOf(this.#tables.limits, tenantId);
  }

  newPlanNo(): number {
    this.#tables.planNo += 1;
    return this.#tables.planNo;
  }

  digest(text: string): string {
    return this.#digest(text);
  }

  #fold(tables: PlanTables): HeldPlan {
    const events = tables.log.map(({ text }): PlanEvent => JSON.parse(text));
    const plan = known(
      fold(events, (number) => this.readRevision(tables.no, number)),
      `the first event of ${tables.row.id}`,
    );
    return {
      no: tables.no,
      plan,
      hash: tables.log.at(-1)?.hash ?? "",
      checkpointAt: 0,
      rowStatus: tables.row.status,
      timers: new Map([...tables.timers].map(([key, timer]) => [key, timer.at ?? 0])),
      lanes: new Map(tables.lanes),
    };
  }

  #plan(planNo: number): PlanTables {
    return known(this.#tables.plansByNo.get(planNo), `plan ${planNo}`);
  }
}
