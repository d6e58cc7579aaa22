import type { TenantId } from "../../core/id.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { MessageId } from "../../core/plan/message.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import type { StoreClock } from "../clock.ts";
import { changedLimit, unsetLimit, type LimitChange } from "../limit-change.ts";
import type { ProgressChunk, Store } from "../store.ts";
import type { FleetCommit } from "./fleet-commit.ts";
import type { KnownLimits } from "./known-limits.ts";
import type { SchemaWatch } from "./schema-watch.ts";
import { PostgresStoreReader, type PostgresStoreReaderParts } from "./postgres-store-reader.ts";
import { ensureLimit, holdLimits, saveLimit } from "./sql/limits.ts";
import { appendProgress } from "./sql/progress.ts";
import type { WorkHints } from "./work-hints.ts";

export interface PostgresStoreParts extends PostgresStoreReaderParts {
  readonly commits: FleetCommit;
  readonly limits: KnownLimits;
  readonly hints: WorkHints;
  readonly clock: StoreClock;
  readonly schema: SchemaWatch;
}

/** One tenant's store, beside those of any number of other processes. */
export class PostgresStore extends PostgresStoreReader implements Store {
  readonly #parts: PostgresStoreParts;

  constructor(tenantId: TenantId, parts: PostgresStoreParts) {
    super(tenantId, parts);
    this.#parts = parts;
  }

  async commit(command: PlanCommand, decide: Decide, settles?: MessageId): Promise<Decision> {
    const { tenantId } = this;
    const looking = this.#parts.schema.refuse();
    // Nobody waits for a promise here but once in a few seconds.
    if (looking !== undefined) await looking;
    return this.#parts.commits.commit({ tenantId, command, decide, settles: settles ?? null });
  }

  async changeLimit(key: LimitKey, change: LimitChange): Promise<SharedLimit> {
    const { driver, tenants, limits, hints, clock, schema } = this.#parts;
    await schema.refuse();
    const tenantNo = await tenants.ensure(this.tenantId);
    const limit = await driver.transaction({ tenantNo }, async (transaction) => {
      ensureLimit(transaction, tenantNo, key);
      const [before = unsetLimit(key)] = await holdLimits(transaction, tenantNo, [key]);
      const after = changedLimit(before, change, clock.now());
      saveLimit(transaction, tenantNo, after);
      return after;
    });
    await limits.read();
    hints.tell(["*"]);
    return limit;
  }

  async appendProgress(chunks: readonly ProgressChunk[]): Promise<void> {
    const { driver, tenants } = this.#parts;
    const tenantNo = await tenants.find(this.tenantId);
    if (tenantNo === null || chunks.length === 0) return;
    await appendProgress(driver.as({ tenantNo }), tenantNo, chunks);
  }
}
