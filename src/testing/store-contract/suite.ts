import type { StoreOptions } from "../../store/store-options.ts";
import type { Stores } from "../../store/store.ts";

/**
 * What the contract needs of a store and of a test runner: `describe` and `test` of vitest,
 * `node:test`, Jest and Mocha fit.
 */
export interface StoreContractOptions {
  readonly name: string;
  /** Opens an empty store. Each test opens its own and closes it. */
  readonly open: (options: StoreOptions) => Promise<Stores>;
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>) => unknown;
}

/** One part of the contract. */
export type ContractPart = (options: StoreContractOptions) => void;
