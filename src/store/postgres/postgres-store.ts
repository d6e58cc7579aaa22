import type { TenantId } from "../../core/id.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { MessageId } from "../../core/plan/message.ts";
import type { ProgressChunk, Store } from "../store.ts";
import type { FleetCommit } from "./fleet-commit.ts";
import { PostgresStoreReader, type PostgresStoreReaderParts } from "./postgres-store-reader.ts";
import { appendProgress } from "./sql/progress.ts";

export interface PostgresStoreParts extends PostgresStoreReaderParts {
  readonly commits: FleetCommit;
}

/** One tenant's store, beside those of any number of other processes. */
export class PostgresStore extends PostgresStoreReader implements Store {
  readonly #parts: PostgresStoreParts;

  constructor(tenantId: TenantId, parts: PostgresStoreParts) {
    super(tenantId, parts);
    this.#parts = parts;
  }

  commit(command: PlanCommand, decide: Decide, settles?: MessageId): Promise<Decision> {
    const { tenantId } = this;
    return this.#parts.commits.commit({ tenantId, command, decide, settles: settles ?? null });
  }

  async appendProgress(chunks: readonly ProgressChunk[]): Promise<void> {
    const { driver, tenants } = this.#parts;
    const tenantNo = await tenants.find(this.tenantId);
    if (tenantNo === null || chunks.length === 0) return;
    await appendProgress(driver.as({ tenantNo }), tenantNo, chunks);
  }
}
