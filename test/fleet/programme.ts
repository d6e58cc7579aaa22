import { DEFAULT_LEASE_TIMES } from "../../src/engine/worker-life.ts";
import type { FaultName, Quotas } from "./fault/fault-kind.ts";
import type { SlotOptions } from "./process/worker-slot.ts";

/** A time in which some things are done to the fleet, each as often as is said. */
export interface Part {
  readonly name: string;
  readonly about: string;
  readonly quotas: Quotas;
  /** On average, between two of a kind. */
  readonly everyMs: Readonly<Record<FaultName, number>>;
  /** Work that must have been done in each of so many milliseconds. */
  readonly windowMs: number;
  /** It has failed if its quotas are not met by then. */
  readonly patienceMs: number;
  /** Workers with longer leases are not stopped beyond them. */
  readonly stoppedLeaseMaxMs: number;
}

/** What is done to a fleet, one part after the other, and to which workers. */
export interface Programme {
  readonly parts: readonly Part[];
  readonly workers: readonly WorkerKind[];
  /** Plans under way at once. */
  readonly plansMax: number;
  /** How long the fleet may take to come to rest when nothing is done to it any more. */
  readonly restMs: number;
  /**
   * Whether how long things take is held against what is promised. On a machine that is busy with other
   * things it says nothing: it is told, and not judged.
   */
  readonly judgesTimes: boolean;
}

export type WorkerKind = Pick<SlotOptions, "kind" | "leaseTimes" | "proxied">;

/** A fifth of what leases last by default, for what would only wait. */
const SHORT_LEASE = { ttlMs: 3000, renewMs: 1000 } as const;
const COMMAND_LINE = {
  kind: "cli",
  leaseTimes: DEFAULT_LEASE_TIMES,
  proxied: false,
} as const;

const NONE: Quotas = {
  "server stopped": 0,
  "backend terminated": 0,
  "commit cut": 0,
  "connection half open": 0,
  "worker stopped": 0,
  "worker killed": 0,
};

const PACE: Part["everyMs"] = {
  "server stopped": 6000,
  "backend terminated": 700,
  "commit cut": 250,
  "connection half open": 1500,
  "worker stopped": 4000,
  "worker killed": 4000,
};

const MINUTE_MS = 60_000;
const LONG = {
  windowMs: MINUTE_MS / 2,
  patienceMs: 45 * MINUTE_MS,
  stoppedLeaseMaxMs: MINUTE_MS,
};

/** Together, they do as much as is asked for. */
const PARTS: readonly Part[] = [
  {
    ...LONG,
    name: "connections",
    about: "backends terminated, commits cut, connections half open",
    quotas: {
      ...NONE,
      "backend terminated": 1500,
      "commit cut": 230,
      "connection half open": 70,
    },
    everyMs: PACE,
  },
  {
    ...LONG,
    name: "workers",
    about: "workers killed, and stopped beyond their leases",
    quotas: { ...NONE, "worker killed": 75, "worker stopped": 38 },
    everyMs: PACE,
  },
  {
    ...LONG,
    name: "server",
    about: "the server stopped at once, and started again",
    quotas: { ...NONE, "server stopped": 38 },
    everyMs: PACE,
  },
  {
    ...LONG,
    name: "everything",
    about: "all of it at the same time",
    quotas: {
      "server stopped": 15,
      "backend terminated": 550,
      "commit cut": 80,
      "connection half open": 30,
      "worker stopped": 15,
      "worker killed": 30,
    },
    everyMs: { ...PACE, "server stopped": 15_000, "worker killed": 6000 },
  },
];

/** Half an hour on a quiet machine. */
export const FULL: Programme = {
  parts: PARTS,
  workers: [
    { kind: "library", leaseTimes: SHORT_LEASE, proxied: true },
    { kind: "library", leaseTimes: SHORT_LEASE, proxied: false },
    { kind: "library", leaseTimes: DEFAULT_LEASE_TIMES, proxied: true },
    COMMAND_LINE,
  ],
  plansMax: 24,
  restMs: 3 * MINUTE_MS,
  judgesTimes: true,
};

/** A little of all of it, in a quarter of a minute. */
export const SHORT: Programme = {
  parts: [
    {
      name: "shortly",
      about: "a little of all of it at the same time",
      windowMs: MINUTE_MS,
      patienceMs: MINUTE_MS,
      stoppedLeaseMaxMs: SHORT_LEASE.ttlMs,
      quotas: {
        "server stopped": 2,
        "backend terminated": 20,
        "commit cut": 5,
        "connection half open": 2,
        "worker stopped": 1,
        "worker killed": 2,
      },
      everyMs: {
        "server stopped": 2500,
        "backend terminated": 500,
        "commit cut": 200,
        "connection half open": 500,
        "worker stopped": 300,
        "worker killed": 1000,
      },
    },
  ],
  workers: [
    { kind: "library", leaseTimes: SHORT_LEASE, proxied: true },
    { kind: "library", leaseTimes: SHORT_LEASE, proxied: false },
    { kind: "library", leaseTimes: SHORT_LEASE, proxied: true },
    COMMAND_LINE,
  ],
  plansMax: 12,
  restMs: MINUTE_MS,
  judgesTimes: false,
};
