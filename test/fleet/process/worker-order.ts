import type { LeaseTimes } from "../../../src/store/store.ts";

/** What a worker process is told when it is started. */
export interface WorkerOrder {
  readonly url: string;
  readonly name: string;
  /** Tells this process from the one before it. */
  readonly life: string;
  readonly folder: string;
  readonly witnessFolder: string;
  readonly pools: readonly string[];
  readonly concurrency: number;
  readonly leaseTimes: LeaseTimes;
  readonly death: Death | null;
}

/** Where in its own work a process is to kill itself with -9. */
export interface Death {
  /** Only what is committed of this tenant counts. */
  readonly tenantId: string;
  /** At which of its commits, from 1. */
  readonly atCommit: number;
  /** Before it is sent, once it has been sent, or when it has been answered and nobody knows yet. */
  readonly when: DeathMoment;
}

export type DeathMoment = "before" | "sent" | "answered";

/** The name of the variable that the order stands in. */
export const ORDER = "FLEET_ORDER";
/** How a process ends that cannot have its store. */
export const NO_STORE = 7;
