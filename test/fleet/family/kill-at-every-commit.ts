import { setTimeout as pause } from "node:timers/promises";
import { Chance } from "../../../src/testing/chance.ts";
import type { PlanClient } from "../client/plan-client.ts";
import { until } from "../../torture/process/until.ts";
import type { Ground } from "../ground.ts";
import { householdPlan } from "../plan/draw-load.ts";
import type { DeathMoment } from "../process/worker-order.ts";
import type { WorkerSlot } from "../process/worker-slot.ts";

export interface EveryCommitOptions {
  readonly ground: Ground;
  readonly client: PlanClient;
  readonly slot: WorkerSlot;
  readonly moments: readonly DeathMoment[];
  /** Every how many commits; 1 is every one of them. */
  readonly every: number;
}

/** How far it went. */
export interface EveryCommit {
  readonly tenantIds: readonly string[];
  readonly kills: number;
  /** Commits of a worker that carries out the whole family and dies at none of them. */
  readonly commits: Readonly<Record<string, number>>;
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 30;
const SAME = new Chance(1, "household");
const LEAVES = 2;
/** A family has some 40 commits; one that has more is no family any more. */
const COMMITS_MAX = 200;

/**
 * Families of plans, three deep: the worker of each dies at its first commit, of the next at its second,
 * and so on until one dies at none. Whoever comes next takes over what is left.
 */
export async function killAtEveryCommit(options: EveryCommitOptions): Promise<EveryCommit> {
  const tenantIds: string[] = [];
  const commits: Record<string, number> = {};
  let kills = 0;
  for (const when of options.moments) {
    for (let atCommit = 1; commits[when] === undefined; atCommit += options.every) {
      if (atCommit > COMMITS_MAX) throw new Error(`no end after ${COMMITS_MAX} commits`);
      const tenantId = `${when}-${atCommit}`;
      tenantIds.push(tenantId);
      if (await diesAt(options, { tenantId, atCommit, when })) kills += 1;
      else commits[when] = atCommit - 1;
    }
  }
  return { tenantIds, kills, commits };
}

/** False where the family had ended before the worker came to that commit. */
async function diesAt(
  { ground, client, slot }: EveryCommitOptions,
  death: { readonly tenantId: string; readonly atCommit: number; readonly when: DeathMoment },
): Promise<boolean> {
  const { tenantId } = death;
  const planId = `pln_${tenantId}`;
  await client.begin(tenantId, planId, householdPlan(ground.witness, SAME, LEAVES));
  slot.start("same-name", death);
  const isOver = async () => {
    if (slot.death !== null) return "dead" as const;
    const status = await client.statusOf(tenantId, planId);
    if (status === "completed") return "completed" as const;
    await pause(LOOK_MS);
    return null;
  };
  const end = await until(`the end of ${planId} or of its worker`, PATIENCE_MS, isOver);
  const { signal } = slot.death ?? { signal: null };
  if (end === "dead" && signal !== "SIGKILL") {
    throw new Error(`the worker of ${planId} ended otherwise than it was to`);
  }
  // What it does after the end is of no interest.
  if (end === "completed") await slot.kill();
  return end === "dead";
}
