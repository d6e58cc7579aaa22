import { known } from "../../core/known.ts";
import { TakeCount } from "../check-limits.ts";
import { checkPlan } from "../check-plan.ts";
import type { StoreClock } from "../clock.ts";
import type { Driver } from "./driver.ts";
import { listArtifacts } from "./sql/find-artifacts.ts";
import { readLimits } from "./sql/limits.ts";
import { readRequests } from "./sql/list-requests.ts";
import { listSteps } from "./sql/list-steps.ts";
import { toPlanRow, type PlanRecord } from "./sql/plan-row.ts";
import { readDueLanes, readDueTimers } from "./sql/read-due.ts";
import { pageRows } from "./sql/read-events.ts";
import { findRevision } from "./sql/revisions.ts";

interface Row extends PlanRecord {
  readonly tenant_no: number;
  readonly tenant_id: string;
}

/** The integrity of a whole store, plan by plan; others get their turn between two plans. */
export async function checkStore(
  driver: Driver,
  clock: StoreClock,
  digest: (text: string) => string,
): Promise<string[]> {
  const problems = checkFile(driver, "pragma integrity_check");
  const limits = readLimits(driver);
  const taken = new TakeCount();
  for (let after = 0; ;) {
    const row = nextPlan(driver, after);
    if (row === undefined) break;
    after = row.no;
    const looking = { digest, taken };
    problems.push(...driver.snapshot(() => checkOne(driver, row.no, looking)));
    await new Promise<void>((resolve) => clock.defer(resolve));
  }
  return [...problems, ...taken.differences(limits, readLimits(driver))];
}

interface Looking {
  readonly digest: (text: string) => string;
  readonly taken: TakeCount;
}

/** What SQLite says of its own file; empty where all is well. */
export function checkFile(
  driver: Driver,
  sql: "pragma integrity_check" | "pragma quick_check",
): string[] {
  const rows = driver.all<Record<string, string>>(sql);
  return rows.flatMap((row) => Object.values(row)).filter((text) => text !== "ok");
}

function nextPlan(driver: Driver, after: number): Row | undefined {
  return driver.find<Row>(
    `select plans.*, tenants.id as tenant_id from plans
     join tenants on tenants.no = plans.tenant_no
     where plans.no > ? order by plans.no limit 1`,
    after,
  );
}

function checkOne(driver: Driver, planNo: number, { digest, taken }: Looking): string[] {
  const row = known(nextPlan(driver, planNo - 1), `plan ${planNo}`);
  const evidence = {
    planId: row.id,
    log: [...pageRows(driver, row.no, 0)].map(({ seq, hash, body }) => ({
      seq,
      hash,
      text: body,
    })),
    revision: (number: number) => known(findRevision(driver, row.no, number), `revision ${number}`),
    plan: toPlanRow(row, row.tenant_id),
    steps: listSteps(driver, row.no, row.id),
    requests: readRequests(driver, row.no),
    artifacts: listArtifacts(driver, row.tenant_no, row.id),
    timers: readDueTimers(driver, row.no),
    lanes: readDueLanes(driver, row.no),
  };
  taken.add(
    row.tenant_id,
    evidence.log.map(({ text }) => text),
  );
  return [...checkPlan(evidence, digest)];
}
