import type { TenantId, WorkerId } from "../../core/id.ts";
import type {
  AbandonedAttempt,
  ArtifactStore,
  AttemptName,
  AttemptProcess,
  LeaseHolder,
  LeaseKeeper,
  LeaseTimes,
  LeaseWord,
  Store,
  Stores,
  WorkHint,
} from "../store.ts";
import { StoreFault } from "../store.ts";
import type { DatabaseClock } from "./database-clock.ts";
import { checkDeployment } from "./deployment.ts";
import type { Driver } from "./driver.ts";
import { keepLease } from "./lease-keeper.ts";
import { PostgresStore, type PostgresStoreParts } from "./postgres-store.ts";
import { PostgresStoresReader, type PostgresStoresReaderParts } from "./postgres-stores-reader.ts";
import { recordProcess, removeProcess } from "./sql/attempt-processes.ts";
import { findAbandoned } from "./sql/find-abandoned.ts";
import { findUnderWay } from "./sql/find-under-way.ts";
import {
  beginLease,
  endExpiredLeases,
  endLease,
  renewLease,
  type LeaseTime,
} from "./sql/leases.ts";
import type { WorkHints } from "./work-hints.ts";

export interface PostgresStoresParts extends PostgresStoreParts, PostgresStoresReaderParts {
  readonly clock: DatabaseClock;
  readonly artifactStore: ArtifactStore;
  readonly hints: WorkHints;
  /** Connections that nothing else waits for: a renewal never stands behind work (P13). */
  readonly control: Driver;
  /** Where a thread connects to that keeps the lease. */
  readonly direct: { readonly url: string; readonly preamble: string };
  /** Whether leases go by the times that callers give, instead of by the database's. */
  readonly trustsCallers: boolean;
}

/** All tenants' stores, at one of any number of equal processes. */
export class PostgresStores extends PostgresStoresReader implements Stores {
  readonly exclusive = false;
  readonly artifactStore: ArtifactStore;
  readonly #parts: PostgresStoresParts;
  /** The database could not be had: it may be another one when it is back. */
  #wasAway = false;

  constructor(parts: PostgresStoresParts) {
    super(parts);
    this.artifactStore = parts.artifactStore;
    this.#parts = parts;
  }

  override forTenant(tenantId: TenantId): Store {
    return new PostgresStore(tenantId, this.#parts);
  }

  async beginLease(holder: LeaseHolder, now: number, ttlMs: number): Promise<WorkerId> {
    const { control, digest, schema } = this.#parts;
    await this.#lookWhere();
    const beginning = { holder, now: this.#time(now), ttlMs };
    return control.transaction("fleet", async (transaction) => {
      const workerId = await beginLease(transaction, beginning, digest);
      // After it: what changes the schema keeps everybody from the leases meanwhile.
      await schema.demand(transaction);
      return workerId;
    });
  }

  async renewLease(workerId: WorkerId, now: number, ttlMs: number): Promise<boolean> {
    const { control, clock, schema } = this.#parts;
    try {
      if (this.#wasAway) await this.#lookWhere();
      const session = control.as("fleet");
      const holds = await renewLease(session, workerId, this.#time(now), ttlMs);
      await schema.demand(session);
      if (!this.#parts.trustsCallers) await clock.measure(session);
      return holds;
    } catch (error) {
      this.#wasAway ||= StoreFault.is(error) && error.code === "unreachable";
      throw error;
    }
  }

  keepLease(workerId: WorkerId, times: LeaseTimes, onWord: (word: LeaseWord) => void): LeaseKeeper {
    return keepLease({ ...this.#parts.direct, workerId, times }, onWord);
  }

  async endLease(workerId: WorkerId): Promise<void> {
    const { control, clock } = this.#parts;
    await endLease(control.as("fleet"), workerId, this.#time(clock.now()));
  }

  endExpiredLeases(now: number): Promise<readonly WorkerId[]> {
    const { control, clock } = this.#parts;
    const over = this.#time(now);
    return endExpiredLeases(control.as("fleet"), over, this.#time(clock.now()));
  }

  abandoned(limit: number): Promise<readonly AbandonedAttempt[]> {
    return findAbandoned(this.#parts.control, limit);
  }

  underWay(workerId: WorkerId): Promise<readonly AttemptName[]> {
    return findUnderWay(this.#parts.control, workerId);
  }

  recordProcess(process: AttemptProcess): Promise<boolean> {
    return recordProcess(this.#parts.control.as("fleet"), process);
  }

  removeProcess(process: AttemptName & Pick<AttemptProcess, "pid">): Promise<void> {
    return removeProcess(this.#parts.control.as("fleet"), process);
  }

  listen(hear: (hint: WorkHint) => void): Disposable {
    return this.#parts.hints.listen(hear);
  }

  async #lookWhere(): Promise<void> {
    await checkDeployment(this.#parts.control);
    this.#wasAway = false;
  }

  /** Null: the database's own clock says. */
  #time(now: number): LeaseTime {
    return this.#parts.trustsCallers ? now : null;
  }
}
