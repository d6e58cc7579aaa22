import type { FaultName, Quotas } from "./fault/fault-kind.ts";

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
}

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
const LONG = { windowMs: MINUTE_MS / 2, patienceMs: 30 * MINUTE_MS };

/** The full programme: together what is asked of it. */
export const FULL: readonly Part[] = [
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

/** The same in half a minute. */
export const SHORT: readonly Part[] = [
  {
    name: "everything, shortly",
    about: "a little of all of it at the same time",
    windowMs: 10_000,
    patienceMs: 30_000,
    quotas: {
      "server stopped": 2,
      "backend terminated": 24,
      "commit cut": 6,
      "connection half open": 2,
      "worker stopped": 1,
      "worker killed": 3,
    },
    everyMs: {
      "server stopped": 3000,
      "backend terminated": 500,
      "commit cut": 200,
      "connection half open": 800,
      "worker stopped": 500,
      "worker killed": 1000,
    },
  },
];
