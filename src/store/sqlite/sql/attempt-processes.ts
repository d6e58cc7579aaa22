import type { AttemptProcess } from "../../store.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly plan_id: string;
  readonly step_key: string;
  readonly attempt: number;
  readonly pid: number;
  readonly tenant_id: string;
  readonly worker_id: string;
  readonly host: string;
  readonly boot_id: string | null;
  readonly start_ticks: string;
}

/** False where the lease of its worker has been ended: nothing was recorded. */
export function recordProcess(driver: Driver, process: AttemptProcess): boolean {
  const recorded = driver.run(
    `insert into attempt_processes (plan_id, step_key, attempt, pid, tenant_id, worker_id, host,
       boot_id, start_ticks)
     select ?, ?, ?, ?, ?, worker_id, ?, ?, ? from leases where worker_id = ? and ended_at is null
     on conflict (plan_id, step_key, attempt, pid) do update set start_ticks = excluded.start_ticks`,
    process.planId,
    process.stepKey,
    process.attempt,
    process.pid,
    process.tenantId,
    process.host,
    process.bootId,
    process.startTicks,
    process.workerId,
  );
  return recorded === 1;
}

export function removeProcess(
  driver: Driver,
  process: Pick<AttemptProcess, "planId" | "stepKey" | "attempt" | "pid">,
): void {
  driver.run(
    "delete from attempt_processes where plan_id = ? and step_key = ? and attempt = ? and pid = ?",
    process.planId,
    process.stepKey,
    process.attempt,
    process.pid,
  );
}

/** Processes of one attempt that nobody has said the end of. */
export function findProcesses(
  driver: Driver,
  attempt: Pick<AttemptProcess, "tenantId" | "planId" | "stepKey" | "attempt">,
): AttemptProcess[] {
  return driver
    .all<Row>(
      `select * from attempt_processes
       where plan_id = ? and step_key = ? and attempt = ? and tenant_id = ? order by pid`,
      attempt.planId,
      attempt.stepKey,
      attempt.attempt,
      attempt.tenantId,
    )
    .map((row) => ({
      tenantId: row.tenant_id,
      planId: row.plan_id,
      stepKey: row.step_key,
      attempt: row.attempt,
      workerId: row.worker_id,
      host: row.host,
      bootId: row.boot_id,
      pid: row.pid,
      startTicks: row.start_ticks,
    }));
}
