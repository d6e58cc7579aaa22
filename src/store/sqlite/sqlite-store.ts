import type { TenantId } from "../../core/id.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { MessageId } from "../../core/plan/message.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import type { GroupCommit } from "../group-commit.ts";
import type { LimitChange } from "../limit-change.ts";
import type { ProgressChunk, Store } from "../store.ts";
import type { Driver } from "./driver.ts";
import type { DiskGuard } from "./file/disk-guard.ts";
import { appendProgress } from "./sql/progress.ts";
import { SqliteStoreReader } from "./sqlite-store-reader.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";

export interface SqliteStoreParts {
  readonly driver: Driver;
  readonly writer: SqliteWriter;
  readonly commits: GroupCommit;
  readonly disk: DiskGuard;
}

/** One tenant's store, at the owner. */
export class SqliteStore extends SqliteStoreReader implements Store {
  readonly #parts: SqliteStoreParts;

  constructor(tenantId: TenantId, parts: SqliteStoreParts) {
    super(tenantId, parts.driver, parts.writer);
    this.#parts = parts;
  }

  async commit(command: PlanCommand, decide: Decide, settles?: MessageId): Promise<Decision> {
    const { disk, commits } = this.#parts;
    const fitting = disk.hasRoom() ? command : windingDown(command);
    if (fitting === null) disk.assertRoom();
    return commits.commit(this.tenantId, fitting ?? command, decide, settles ?? null);
  }

  async changeLimit(key: LimitKey, change: LimitChange): Promise<SharedLimit> {
    const { commits, disk, writer } = this.#parts;
    disk.assertRoom();
    return commits.write(() => writer.changeLimit(this.tenantId, key, change));
  }

  async appendProgress(chunks: readonly ProgressChunk[]): Promise<void> {
    this.#parts.disk.assertRoom();
    await this.#parts.commits.write(() => {
      const tenantNo = this.#parts.writer.tenantNo(this.tenantId);
      if (tenantNo === null) return;
      for (const chunk of chunks) appendProgress(this.#parts.driver, tenantNo, chunk);
    });
  }
}

/**
 * What of a command ends work rather than begins some, and is still written when the disk is full.
 * An outcome is put on record, and nothing is leased on with it.
 */
function windingDown(command: PlanCommand): PlanCommand | null {
  switch (command.type) {
    case "plan.pause":
    case "plan.cancel":
    case "attempt.lose":
      return command;
    case "attempt.report": {
      const { offer, ...report } = command;
      void offer;
      return report;
    }
    default:
      return null;
  }
}
