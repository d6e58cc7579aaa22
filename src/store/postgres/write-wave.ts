import type { CommandId } from "../../core/id.ts";
import type { DecidedWave } from "../decide-wave.ts";
import { cacheKey } from "../plan-cache.ts";
import type { Transaction } from "./driver.ts";
import { appendEvents } from "./sql/append-events.ts";
import { applyTakes } from "./sql/apply-takes.ts";
import { needsCheckpoint } from "./sql/checkpoints.ts";
import { demandPlans, findStanding } from "./sql/demand-plans.ts";
import { findKnown } from "./sql/find-known.ts";
import { saveCheckpoints } from "./sql/save-checkpoints.ts";
import { saveCommands } from "./sql/save-commands.ts";
import { saveDue, settleMessages, type Owner } from "./sql/save-due.ts";
import { insertPlans, updatePlans } from "./sql/save-plans.ts";
import { saveProjections } from "./sql/save-projections.ts";
import { saveRevisions } from "./sql/save-revisions.ts";

/** What came of a wave in the database. */
export interface Written {
  /** Plans, by number, that stood as they were decided on: only of them anything was written. */
  readonly won: ReadonlySet<number>;
  /** Commands that came to nothing here, and to something before. */
  readonly known: ReadonlySet<CommandId>;
}

/**
 * Sends all that a wave changes, without waiting in between.
 *
 * @param looks commands that nothing is kept of
 */
export async function writeWave(
  transaction: Transaction,
  owner: Owner,
  looks: readonly CommandId[],
  wave: DecidedWave,
  now: number,
): Promise<Written> {
  const known = looks.length === 0 ? NONE : findKnown(transaction, owner.tenantNo, looks);
  const isQuiet =
    wave.plans.length === 0 && wave.commands.length === 0 && wave.settled.length === 0;
  const won = isQuiet
    ? findStanding(transaction, demandsOf(wave))
    : sendWave(transaction, owner, wave, now);
  const [wonPlans, knownCommands] = await Promise.all([won, known]);
  return { won: wonPlans, known: knownCommands };
}

const NONE: ReadonlySet<CommandId> = new Set();

function sendWave(
  transaction: Transaction,
  owner: Owner,
  wave: DecidedWave,
  now: number,
): Promise<ReadonlySet<number>> {
  const { plans } = wave;
  insertPlans(
    transaction,
    owner.tenantNo,
    plans.filter(({ held }) => held.rowStatus === null),
  );
  const won = demandPlans(transaction, demandsOf(wave));
  if (plans.length > 0) {
    appendEvents(transaction, owner.tenantNo, plans);
    saveRevisions(transaction, owner.tenantNo, plans);
    saveProjections(transaction, owner.tenantNo, plans);
    saveDue(transaction, owner, plans);
    saveDueCheckpoints(transaction, owner, wave);
    updatePlans(transaction, owner.tenantNo, plans);
  }
  const planNo = planNoOf(wave);
  settleMessages(
    transaction,
    owner,
    wave.settled.map((settled) => ({ ...settled, planNo: planNo(settled) })),
  );
  saveCommands(
    transaction,
    owner.tenantNo,
    wave.commands.map((record) => ({ ...record, planNo: planNo(record) })),
    now,
  );
  applyTakes(transaction, owner.tenantNo, plans);
  return won;
}

function saveDueCheckpoints(transaction: Transaction, owner: Owner, { plans }: DecidedWave): void {
  const due = plans.map(({ held }) => held).filter(needsCheckpoint);
  saveCheckpoints(transaction, owner.tenantNo, due);
  for (const held of due) held.checkpointAt = held.plan.version;
}

function demandsOf(wave: DecidedWave): { no: number; version: number }[] {
  return [...wave.held.values()].map(({ held, before }) => ({ no: held.no, version: before }));
}

function planNoOf(
  wave: DecidedWave,
): (of: { readonly tenantId: string; readonly planId: string }) => number | null {
  return ({ tenantId, planId }) => wave.held.get(cacheKey(tenantId, planId))?.held.no ?? null;
}
