import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../src/testing/chance.ts";
import type { FaultKind, FaultName } from "./fault/fault-kind.ts";
import { FAULT_NAMES } from "./fault/fault-kind.ts";
import type { Part } from "./programme.ts";

/** How one part went. */
export interface PartRun {
  readonly part: Part;
  readonly from: number;
  readonly until: number;
  readonly proven: Readonly<Record<FaultName, number>>;
  readonly faults: readonly string[];
}

/** Does everything of one part to the fleet, each kind by itself, until each has been proven often enough. */
export async function disturb(
  part: Part,
  kinds: readonly FaultKind[],
  chance: Chance,
): Promise<PartRun> {
  const from = Date.now();
  const proven = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<
    FaultName,
    number
  >;
  const faults: string[] = [];
  const ending = new AbortController();
  const patience = setTimeout(() => ending.abort(), part.patienceMs);
  const one = async (kind: FaultKind, hand: number): Promise<void> => {
    const quota = part.quotas[kind.name];
    for (let number = 1; proven[kind.name] < quota && !ending.signal.aborted; number += 1) {
      const drawn = chance.of(kind.name, hand, number);
      await pause(Math.min(drawn.wait(kind.everyMs, "wait"), 4 * kind.everyMs));
      if (proven[kind.name] >= quota) return;
      try {
        proven[kind.name] += await kind.make(drawn);
      } catch (error) {
        faults.push(`${kind.name}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  };
  await Promise.all(
    kinds.flatMap((kind) => Array.from({ length: kind.atOnce }, (_, hand) => one(kind, hand))),
  );
  clearTimeout(patience);
  const missing = FAULT_NAMES.filter((name) => proven[name] < part.quotas[name]).map(
    (name) => `${part.name}: ${name} only ${proven[name]} times of ${part.quotas[name]}`,
  );
  return { part, from, until: Date.now(), proven, faults: [...faults, ...missing] };
}
