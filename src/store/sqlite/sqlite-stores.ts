import type { TenantId, WorkerId } from "../../core/id.ts";
import { leaseId } from "../lease-id.ts";
import type {
  AbandonedAttempt,
  ArtifactStore,
  AttemptName,
  AttemptProcess,
  LeaseHolder,
  Store,
  Stores,
} from "../store.ts";
import type { WalControl } from "./file/wal-control.ts";
import { recordProcess, removeProcess } from "./sql/attempt-processes.ts";
import { findAbandoned } from "./sql/find-abandoned.ts";
import { findUnderWay } from "./sql/find-under-way.ts";
import { beginLease, countLeases, endExpiredLeases, endLease, renewLease } from "./sql/leases.ts";
import { SqliteStore, type SqliteStoreParts } from "./sqlite-store.ts";
import { SqliteStoresReader, type SqliteStoresReaderParts } from "./sqlite-stores-reader.ts";

export interface SqliteStoresParts extends SqliteStoreParts, SqliteStoresReaderParts {
  readonly artifactStore: ArtifactStore;
  readonly wal: WalControl;
}

/** All tenants' stores, at the owner of the file. */
export class SqliteStores extends SqliteStoresReader implements Stores {
  readonly exclusive = true;
  readonly artifactStore: ArtifactStore;
  readonly #parts: SqliteStoresParts;

  constructor(parts: SqliteStoresParts) {
    super(parts);
    this.artifactStore = parts.artifactStore;
    this.#parts = parts;
  }

  override forTenant(tenantId: TenantId): Store {
    return new SqliteStore(tenantId, this.#parts);
  }

  async beginLease(holder: LeaseHolder, now: number, ttlMs: number): Promise<WorkerId> {
    const { driver, digest } = this.#parts;
    return this.#write(() => {
      const workerId = leaseId(holder, now, countLeases(driver) + 1, digest);
      const expiresAt = now + ttlMs;
      beginLease(driver, { ...holder, workerId, beganAt: now, expiresAt, endedAt: null });
      return workerId;
    });
  }

  async renewLease(workerId: WorkerId, now: number, ttlMs: number): Promise<boolean> {
    // On a full disk as well: what is under way shall come to its end.
    return this.#parts.commits.write(() => renewLease(this.#parts.driver, workerId, now + ttlMs));
  }

  async endLease(workerId: WorkerId): Promise<void> {
    const { driver, clock } = this.#parts;
    await this.#parts.commits.write(() => endLease(driver, workerId, clock.now()));
  }

  async endExpiredLeases(now: number): Promise<readonly WorkerId[]> {
    const { driver, clock } = this.#parts;
    return this.#parts.commits.write(() => endExpiredLeases(driver, now, clock.now()));
  }

  async abandoned(limit: number): Promise<readonly AbandonedAttempt[]> {
    return findAbandoned(this.#parts.driver, limit);
  }

  async underWay(workerId: WorkerId): Promise<readonly AttemptName[]> {
    return findUnderWay(this.#parts.driver, workerId);
  }

  async recordProcess(process: AttemptProcess): Promise<boolean> {
    return this.#write(() => recordProcess(this.#parts.driver, process));
  }

  async removeProcess(
    process: Pick<AttemptProcess, "planId" | "stepKey" | "attempt" | "pid">,
  ): Promise<void> {
    await this.#parts.commits.write(() => removeProcess(this.#parts.driver, process));
  }

  listen(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  override async check(): Promise<readonly string[]> {
    const problems = await super.check();
    const { complaint } = this.#parts.wal;
    return complaint === null ? problems : [...problems, complaint];
  }

  async #write<T>(work: () => T): Promise<T> {
    this.#parts.disk.assertRoom();
    return this.#parts.commits.write(work);
  }
}
