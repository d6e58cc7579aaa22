import { LIMIT_KEY_FORMS, parseLimitKey, type LimitKey } from "./core/shared/limit-key.ts";
import type { SharedLimit } from "./core/shared/shared-limit.ts";
import type { Store } from "./store/store.ts";

/** Limits over all plans and processes: of one tenant, and of pools, which all tenants share. */
export class SharedLimits {
  readonly #store: Store;

  /** @internal Made by `createPlanwright`. */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * From now on at most so many: `pool:NAME`, `tenant` and `owner:CAPABILITY` are attempts under way
   * at once, `budget:attempts` are those that may be started at all. Attempts that are under way
   * already are not counted.
   */
  set(key: LimitKey, max: number): Promise<SharedLimit> {
    return this.#store.changeLimit(keyOf(key), { kind: "set", max });
  }

  /** As many as one likes from now on; what was used of a budget stays used. */
  clear(key: LimitKey): Promise<SharedLimit> {
    return this.#store.changeLimit(keyOf(key), { kind: "clear" });
  }

  /** Those in force, with what is taken of each. */
  list(): Promise<readonly SharedLimit[]> {
    return this.#store.limits();
  }

  /** Nothing of the tenant starts any more; what is under way ends as it would. */
  stop(reason?: string): Promise<SharedLimit> {
    return this.#store.changeLimit("tenant", { kind: "stop", reason: reason ?? null });
  }

  /** Goes on after a stop, within the limits that were there before. */
  start(): Promise<SharedLimit> {
    return this.#store.changeLimit("tenant", { kind: "start" });
  }
}

/** A type is a promise that a program in JavaScript has not made. */
function keyOf(key: LimitKey): LimitKey {
  const parsed = parseLimitKey(key);
  if (parsed !== null) return parsed;
  throw new TypeError(`${JSON.stringify(key)} is no key of a limit: it is ${LIMIT_KEY_FORMS}`);
}
