import type { ArtifactId, PlanId, RequestId, TenantId } from "../../core/id.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { MessageId } from "../../core/plan/message.ts";
import type { Plan, Revision } from "../../core/plan/plan.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import type { StoreClock } from "../clock.ts";
import { readCursor } from "../cursor.ts";
import type { GroupCommit } from "../group-commit.ts";
import type { LimitChange } from "../limit-change.ts";
import type { PlanRow, RequestRow, StepRow } from "../projection.ts";
import type {
  ArtifactRow,
  ChainedEvent,
  EventRange,
  FeedCursor,
  FeedPage,
  Page,
  PlanQuery,
  ProgressChunk,
  ProgressQuery,
  ProgressRow,
  RequestQuery,
  Store,
} from "../store.ts";
import { changeLimit, listLimits } from "./limits.ts";
import { listPlans, listRequests } from "./list-rows.ts";
import type { MemorySource } from "./memory-source.ts";
import type { PlanTables, Tables, TenantTables } from "./tables.ts";

export interface MemoryStoreParts {
  readonly tables: Tables;
  readonly source: MemorySource;
  readonly commits: GroupCommit;
  readonly clock: StoreClock;
}

/** One tenant's store in memory. */
export class MemoryStore implements Store {
  readonly tenantId: TenantId;
  readonly #parts: MemoryStoreParts;

  constructor(tenantId: TenantId, parts: MemoryStoreParts) {
    this.tenantId = tenantId;
    this.#parts = parts;
  }

  async commit(command: PlanCommand, decide: Decide, settles?: MessageId): Promise<Decision> {
    return this.#parts.commits.commit(this.tenantId, command, decide, settles ?? null);
  }

  async changeLimit(key: LimitKey, change: LimitChange): Promise<SharedLimit> {
    const { commits, tables, clock } = this.#parts;
    const name = { tenantId: this.tenantId, key };
    return commits.write(() => changeLimit(tables.limits, name, change, clock.now()));
  }

  async limits(): Promise<readonly SharedLimit[]> {
    return listLimits(this.#parts.tables.limits, this.tenantId);
  }

  async read<T>(planId: PlanId, look: (plan: Plan) => T): Promise<T | null> {
    const held = this.#parts.source.hold(this.tenantId, planId);
    return held === null ? null : look(held.plan);
  }

  async events(planId: PlanId, range: EventRange = {}): Promise<readonly PlanEvent[]> {
    const chain = await this.chain(planId, range);
    return chain.map(({ event }) => event);
  }

  async chain(planId: PlanId, range: EventRange = {}): Promise<readonly ChainedEvent[]> {
    const log = this.#plan(planId)?.log ?? [];
    const { after = 0, limit = log.length } = range;
    return log
      .slice(after, after + limit)
      .map(({ text, hash }) => ({ event: JSON.parse(text), hash }));
  }

  async revision(planId: PlanId, number: number): Promise<Revision | null> {
    const text = this.#plan(planId)?.revisions.get(number);
    return text === undefined ? null : JSON.parse(text);
  }

  async feed(after: FeedCursor | null, limit: number): Promise<FeedPage> {
    const place = after === null ? 0 : readCursor(after);
    const entries = this.#tenant?.feed.slice(place, place + limit) ?? [];
    return {
      events: entries.map(({ text }) => JSON.parse(text)),
      cursor: entries.length === 0 ? after : String(place + entries.length),
    };
  }

  async plans(query: PlanQuery = {}): Promise<Page<PlanRow>> {
    return listPlans([...(this.#tenant?.plans.values() ?? [])], query);
  }

  async requests(query: RequestQuery = {}): Promise<Page<RequestRow>> {
    return listRequests([...(this.#tenant?.requests.values() ?? [])], query);
  }

  async steps(planId: PlanId): Promise<readonly StepRow[]> {
    return [...(this.#plan(planId)?.steps.values() ?? [])];
  }

  async findPlanOfRequest(requestId: RequestId): Promise<PlanId | null> {
    return this.#tenant?.requests.get(requestId)?.planId ?? null;
  }

  async findArtifact(artifactId: ArtifactId): Promise<ArtifactRow | null> {
    return this.#tenant?.artifacts.get(artifactId) ?? null;
  }

  async artifacts(planId: PlanId): Promise<readonly ArtifactRow[]> {
    const rows = [...(this.#tenant?.artifacts.values() ?? [])];
    return rows.filter((row) => row.planId === planId);
  }

  async appendProgress(chunks: readonly ProgressChunk[]): Promise<void> {
    await this.#parts.commits.write(() => {
      for (const chunk of chunks) this.#appendChunk(chunk);
    });
  }

  async progress(query: ProgressQuery): Promise<readonly ProgressRow[]> {
    const rows = this.#plan(query.planId)?.progress ?? [];
    return rows
      .filter(
        (row) =>
          row.stepKey === query.stepKey &&
          (query.attempt === undefined || row.attempt === query.attempt) &&
          row.position > (query.after ?? 0),
      )
      .slice(0, query.limit);
  }

  /** That of a plan that is not there is dropped. */
  #appendChunk(chunk: ProgressChunk): void {
    const plan = this.#plan(chunk.planId);
    if (plan === undefined) return;
    this.#parts.tables.progressPosition += 1;
    plan.progress.push({ ...chunk, position: this.#parts.tables.progressPosition });
  }

  get #tenant(): TenantTables | undefined {
    return this.#parts.tables.tenants.get(this.tenantId);
  }

  #plan(planId: PlanId): PlanTables | undefined {
    return this.#tenant?.plans.get(planId);
  }
}
