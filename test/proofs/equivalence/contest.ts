import type { StoreOptions } from "../../../src/store/store-options.ts";
import type { Stores } from "../../../src/store/store.ts";

/** A kind of store, opened empty as often as one likes. */
export interface Contestant {
  readonly name: string;
  open(options: StoreOptions): Promise<Contest>;
}

/** An open store: each of its processes works on the same database. */
export interface Contest extends AsyncDisposable {
  readonly processes: readonly Stores[];
  /** Whether commands on one plan that are sent at once are carried out in the order of sending. */
  readonly keepsOrder: boolean;
}
