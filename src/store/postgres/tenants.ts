import type { TenantId } from "../../core/id.ts";
import type { Driver } from "./driver.ts";
import { ensureTenant, findTenant } from "./sql/tenants.ts";

/** Tenants' numbers, which never change once they are given. */
export class Tenants {
  readonly #driver: Driver;
  readonly #numbers = new Map<TenantId, number>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Null: a tenant that has never written. */
  async find(tenantId: TenantId): Promise<number | null> {
    const known = this.#numbers.get(tenantId);
    if (known !== undefined) return known;
    const no = await findTenant(this.#driver.as("fleet"), tenantId);
    if (no !== null) this.#numbers.set(tenantId, no);
    return no;
  }

  async ensure(tenantId: TenantId): Promise<number> {
    const known = await this.find(tenantId);
    if (known !== null) return known;
    const no = await ensureTenant(this.#driver.as("fleet"), tenantId);
    this.#numbers.set(tenantId, no);
    return no;
  }
}
