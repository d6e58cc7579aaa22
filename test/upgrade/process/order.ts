import type { PlanDocument } from "../../../src/core/plan/document.ts";
import type { LeaseTimes } from "../../../src/store/store.ts";

/** What a process of a release is to do. */
export type Order = {
  /** Where its sources are. */
  readonly release: string;
  readonly url: string;
  readonly name: string;
  /** Of the witness. */
  readonly witnessFolder: string;
} & (
  | {
      readonly role: "worker";
      readonly concurrency: number;
      /** As by default, if not said. */
      readonly leaseTimes?: LeaseTimes;
    }
  /** Prints what is wrong with the store, a line for each. */
  | { readonly role: "checker" }
  /** Submits a plan and starts it, again and again until it is told to stop; prints the id of each. */
  | { readonly role: "client"; readonly document: PlanDocument; readonly everyMs: number }
);

/** The name of the variable that the order stands in. */
export const ORDER = "UPGRADE_ORDER";
/** How a process ends that cannot have its store, as the command line does. */
export const NO_STORE = 7;
/** What a worker prints once it works. */
export const WORKING = "working";
