import type { TenantId } from "../../core/id.ts";
import type { StoreClock } from "../clock.ts";
import type { DuePage, DueQuery, LeaseRow, StoreReader, StoresReader } from "../store.ts";
import { checkStore } from "./check-store.ts";
import type { KnownLimits } from "./known-limits.ts";
import { PostgresStoreReader, type PostgresStoreReaderParts } from "./postgres-store-reader.ts";
import { isReferenced } from "./sql/find-artifacts.ts";
import { findDue } from "./sql/find-due.ts";
import { listLeases } from "./sql/leases.ts";
import { nameLimits } from "./sql/limits.ts";
import { listTenants } from "./sql/tenants.ts";

export interface PostgresStoresReaderParts extends PostgresStoreReaderParts {
  readonly description: string;
  readonly clock: StoreClock;
  readonly limits: KnownLimits;
  readonly digest: (text: string) => string;
  close(): Promise<void>;
}

/** The reading half of all tenants' stores. */
export class PostgresStoresReader implements StoresReader {
  readonly #parts: PostgresStoresReaderParts;
  #isClosed = false;

  constructor(parts: PostgresStoresReaderParts) {
    this.#parts = parts;
  }

  get description(): string {
    return this.#parts.description;
  }

  get clock(): StoreClock {
    return this.#parts.clock;
  }

  forTenant(tenantId: TenantId): StoreReader {
    return new PostgresStoreReader(tenantId, this.#parts);
  }

  async due(query: DueQuery): Promise<DuePage> {
    const { driver, limits } = this.#parts;
    // On one connection, however many there are to look for.
    const [page, names] = await driver.transaction("fleet", (transaction) =>
      Promise.all([
        findDue(transaction, { ...query, isLimited: !limits.isEmpty }),
        nameLimits(transaction),
      ]),
    );
    limits.learn(names);
    return page;
  }

  leases(): Promise<readonly LeaseRow[]> {
    return listLeases(this.#parts.driver.as("fleet"));
  }

  /** Asked of one tenant after the other: nobody sees what all of them publish. */
  async isReferenced(sha256: string): Promise<boolean> {
    const { driver } = this.#parts;
    for (const { no } of await listTenants(driver.as("fleet"))) {
      if (await isReferenced(driver.as({ tenantNo: no }), no, sha256)) return true;
    }
    return false;
  }

  check(): Promise<readonly string[]> {
    return checkStore(this.#parts.driver, this.#parts.digest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#parts.close();
  }
}
