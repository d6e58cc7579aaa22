import type { TenantId } from "../../core/id.ts";
import type { StoreClock } from "../clock.ts";
import type { DuePage, DueQuery, LeaseRow, StoreReader, StoresReader } from "../store.ts";
import { checkStore } from "./check-store.ts";
import type { Driver } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { isReferenced } from "./sql/find-artifacts.ts";
import { findDue } from "./sql/find-due.ts";
import { listLeases } from "./sql/leases.ts";
import { SqliteStoreReader } from "./sqlite-store-reader.ts";

export interface SqliteStoresReaderParts {
  readonly description: string;
  readonly driver: Driver;
  readonly holder: PlanHolder;
  readonly clock: StoreClock;
  readonly digest: (text: string) => string;
  close(): void;
}

/** The reading half of all tenants' stores. */
export class SqliteStoresReader implements StoresReader {
  readonly #parts: SqliteStoresReaderParts;
  #isClosed = false;

  constructor(parts: SqliteStoresReaderParts) {
    this.#parts = parts;
  }

  get description(): string {
    return this.#parts.description;
  }

  get clock(): StoreClock {
    return this.#parts.clock;
  }

  forTenant(tenantId: TenantId): StoreReader {
    return new SqliteStoreReader(tenantId, this.#parts.driver, this.#parts.holder);
  }

  async due(query: DueQuery): Promise<DuePage> {
    return findDue(this.#parts.driver, query);
  }

  async leases(): Promise<readonly LeaseRow[]> {
    return listLeases(this.#parts.driver);
  }

  async isReferenced(sha256: string): Promise<boolean> {
    return isReferenced(this.#parts.driver, sha256);
  }

  check(): Promise<readonly string[]> {
    return checkStore(this.#parts.driver, this.#parts.clock, this.#parts.digest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.close();
  }
}
