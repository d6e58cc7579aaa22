import { known } from "../../core/known.ts";
import type { Revision } from "../../core/plan/plan.ts";
import { TakeCount } from "../check-limits.ts";
import { checkPlan, type PlanEvidence } from "../check-plan.ts";
import type { Driver, Transaction } from "./driver.ts";
import { listArtifacts } from "./sql/find-artifacts.ts";
import { holdPlanRecord, nextPlan } from "./sql/list-plans.ts";
import { readLimits } from "./sql/limits.ts";
import { readRequests } from "./sql/list-requests.ts";
import { listSteps } from "./sql/list-steps.ts";
import { toPlanRow } from "./sql/plan-row.ts";
import { readDueLanes, readDueTimers } from "./sql/read-due.ts";
import { pageRows, type EventRow } from "./sql/read-events.ts";
import { readRevisions } from "./sql/revisions.ts";
import { listTenants } from "./sql/tenants.ts";

/** The integrity of a whole store, tenant by tenant and plan by plan, while others work on it. */
export async function checkStore(
  driver: Driver,
  digest: (text: string) => string,
): Promise<string[]> {
  const problems: string[] = [];
  const limits = await readLimits(driver.as("fleet"));
  const taken = new TakeCount();
  for (const tenant of await listTenants(driver.as("fleet"))) {
    const scope = { tenantNo: tenant.no };
    for (let after = 0; ;) {
      const plan = await nextPlan(driver.as(scope), tenant.no, after);
      if (plan === null) break;
      after = plan.no;
      const evidence = await driver.transaction(scope, (transaction) =>
        gather(transaction, tenant, plan),
      );
      problems.push(...checkPlan(evidence, digest));
      taken.add(
        tenant.id,
        evidence.log.map(({ text }) => text),
      );
    }
  }
  return [...problems, ...taken.differences(limits, await readLimits(driver.as("fleet")))];
}

interface Named {
  readonly no: number;
  readonly id: string;
}

/**
 * All that is kept of one plan as of one moment. The log is read first, for it only grows; then the
 * plan is held for as long as the rest of it and the rows take.
 */
async function gather(transaction: Transaction, tenant: Named, plan: Named): Promise<PlanEvidence> {
  const log = await Array.fromAsync(pageRows(transaction, plan.no, 0));
  const [record, rest, revisions, steps, requests, artifacts, timers, lanes] = await Promise.all([
    holdPlanRecord(transaction, plan.no),
    Array.fromAsync(pageRows(transaction, plan.no, log.at(-1)?.seq ?? 0)),
    readRevisions(transaction, plan.no),
    listSteps(transaction, tenant.no, plan.id),
    readRequests(transaction, tenant.no, plan.id),
    listArtifacts(transaction, tenant.no, plan.id),
    readDueTimers(transaction, plan.no),
    readDueLanes(transaction, plan.no),
  ]);
  return {
    planId: plan.id,
    log: [...log, ...rest].map(toLogEntry),
    revision: (number: number): Revision => known(revisions.get(number), `revision ${number}`),
    plan: toPlanRow(record, tenant.id),
    steps,
    requests,
    artifacts,
    timers,
    lanes,
  };
}

function toLogEntry({ seq, hash, body }: EventRow): PlanEvidence["log"][number] {
  return { seq, hash, text: body };
}
