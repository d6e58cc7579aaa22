import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Life, WorkerSlot } from "../process/worker-slot.ts";
import { until } from "../../torture/process/until.ts";
import type { FaultKind } from "./fault-kind.ts";

/** A worker that was taken out, and from when on it did nothing. */
export interface TakenOut {
  readonly life: Life;
  readonly how: "killed" | "stopped";
  readonly at: number;
  /** Its lease was ended by who came under its name: nobody had to wait until it was over. */
  readonly succeeded: boolean;
}

export interface WorkerFaultOptions {
  readonly slots: readonly WorkerSlot[];
  readonly everyMs: number;
  /** Where it is written down. */
  readonly takenOut: TakenOut[];
  /** Workers that are left alone for now: work has to go on somewhere. */
  readonly spared: number;
}

const PATIENCE_MS = 120_000;
const LOOK_MS = 100;

/** kill -9 at any moment, its start included; somebody begins in its place, under its name or another. */
export function workerKilled(options: WorkerFaultOptions): FaultKind {
  return {
    name: "worker killed",
    everyMs: options.everyMs,
    atOnce: 1,
    make: async (chance) => {
      const slot = pickSlot(options, chance);
      return slot === null ? 0 : slot.alone(() => kill(slot, chance, options));
    },
  };
}

async function kill(
  slot: WorkerSlot,
  chance: Chance,
  options: WorkerFaultOptions,
): Promise<number> {
  const { life } = slot;
  if (life === null) return 0;
  const at = Date.now();
  if (!(await slot.kill())) return 0;
  const succeeded = chance.happens(0.5, "same name");
  options.takenOut.push({ life, how: "killed", at, succeeded });
  await pause(chance.between(0, 800, "absence"));
  slot.start(succeeded ? "same-name" : "new-name");
  return 1;
}

/** SIGSTOP until others have ended its lease, then SIGCONT: it goes on with what is not its own any more. */
export function workerStopped(options: WorkerFaultOptions): FaultKind {
  return {
    name: "worker stopped",
    everyMs: options.everyMs,
    atOnce: 2,
    make: async (chance) => {
      const slot = pickSlot(options, chance);
      return slot === null ? 0 : slot.alone(() => stopStill(slot, chance, options));
    },
  };
}

async function stopStill(
  slot: WorkerSlot,
  chance: Chance,
  { takenOut }: WorkerFaultOptions,
): Promise<number> {
  const { life } = slot;
  if (life === null || !(await slot.hasLease(life))) return 0;
  const at = Date.now();
  await slot.stopStill();
  takenOut.push({ life, how: "stopped", at, succeeded: false });
  try {
    const isOver = async () => !(await slot.hasLease(life)) || pause(LOOK_MS, null);
    await until(`the end of the lease of ${life.name}`, PATIENCE_MS, isOver);
    await pause(chance.between(0, 1000, "then"));
  } finally {
    slot.resume();
  }
  return 1;
}

function pickSlot({ slots, spared }: WorkerFaultOptions, chance: Chance): WorkerSlot | null {
  const free = slots.filter((slot) => !slot.isBusy && slot.life !== null);
  return free.length <= spared ? null : chance.pick(free, "slot");
}
