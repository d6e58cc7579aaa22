import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../../src/testing/chance.ts";
import type { PlanClient } from "../client/plan-client.ts";
import { until } from "../../torture/process/until.ts";
import type { Cancel } from "../client/author.ts";
import type { TakenOut } from "../fault/worker-faults.ts";
import type { Ground } from "../ground.ts";
import { householdPlan } from "../plan/draw-load.ts";
import type { WorkerSlot } from "../process/worker-slot.ts";

export interface CancelOptions {
  readonly ground: Ground;
  readonly client: PlanClient;
  readonly slots: readonly WorkerSlot[];
  readonly chance: Chance;
  readonly tenantId: string;
  readonly families: number;
}

export interface CancelledFamilies {
  readonly cancels: readonly Cancel[];
  readonly takenOut: readonly TakenOut[];
  /** Families that had ended before they were told to. */
  readonly late: number;
}

/** More than are carried out until it is cancelled. */
const LEAVES = 150;
const PATIENCE_MS = 60_000;
const LOOK_MS = 30;

/**
 * Families that are cancelled while their innermost plans are at work, and a worker is killed around
 * that moment: what was told to stop stops, whoever was about to tell the others.
 */
export async function cancelFamilies(options: CancelOptions): Promise<CancelledFamilies> {
  const cancels: Cancel[] = [];
  const takenOut: TakenOut[] = [];
  let late = 0;
  for (let number = 1; number <= options.families; number += 1) {
    const chance = options.chance.of("family", number);
    const { client, tenantId, ground } = options;
    const planId = `pln_family-${number}`;
    await client.begin(tenantId, planId, householdPlan(ground.witness, chance, LEAVES));
    await until(`the innermost plan of ${planId}`, PATIENCE_MS, () => isAtWork(ground, number));
    await pause(chance.between(0, 300, "when"));
    const [told] = await Promise.all([
      client.cancel(tenantId, planId),
      killSoon(options, chance, takenOut),
    ]);
    if (told.decision.ok) cancels.push({ tenantId, planId, at: told.at });
    else late += 1;
    await untilOver(options, planId);
  }
  return { cancels, takenOut, late };
}

async function killSoon(
  { slots }: CancelOptions,
  chance: Chance,
  takenOut: TakenOut[],
): Promise<void> {
  const slot = chance.pick(slots, "whom");
  await pause(chance.between(0, 40, "after"));
  const { life } = slot;
  if (life === null) return;
  const at = Date.now();
  if (await slot.kill()) takenOut.push({ life, how: "killed", at, succeeded: true });
  slot.start("same-name");
}

/** Whether a step of its innermost plan has begun. */
async function isAtWork(ground: Ground, number: number): Promise<true | null> {
  await pause(LOOK_MS);
  const rows = await ground.ask(
    `with recursive family as (
       select id, no from planwright.plans where id = $1
       union all
       select below.id, below.no from planwright.plans as below join family on below.parent_id = family.id
     )
     select from planwright.steps join family on steps.plan_no = family.no
     where step_key like 'blade-%' and status in ('running', 'succeeded') limit 1`,
    `pln_family-${number}`,
  );
  return rows.length > 0 || null;
}

async function untilOver({ client, tenantId }: CancelOptions, planId: string): Promise<void> {
  await until(`the end of ${planId}`, PATIENCE_MS, async () => {
    const status = await client.statusOf(tenantId, planId);
    if (status === "cancelled" || status === "completed") return true;
    await pause(LOOK_MS);
    return null;
  });
}
