import type { AttemptName, AttemptProcess } from "../../store.ts";
import type { Session } from "../driver.ts";

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

/**
 * False where the lease of its worker has been ended: nothing was recorded. The lease is held
 * meanwhile: who ends it comes before, or finds the process. For the fleet, as all of this.
 */
export async function recordProcess(session: Session, process: AttemptProcess): Promise<boolean> {
  const rows = await session.rows(
    `with living as materialized (
       select worker_id from leases where worker_id = $6 and ended_at is null for share
     )
     insert into attempt_processes (tenant_id, plan_id, step_key, attempt, pid, worker_id, host,
       boot_id, start_ticks)
     select $1::text, $2::text, $3::text, $4::bigint, $5::bigint, worker_id, $7::text, $8::text,
       $9::text
     from living
     on conflict (tenant_id, plan_id, step_key, attempt, pid)
     do update set start_ticks = excluded.start_ticks
     returning pid`,
    process.tenantId,
    process.planId,
    process.stepKey,
    process.attempt,
    process.pid,
    process.workerId,
    process.host,
    process.bootId,
    process.startTicks,
  );
  return rows.length === 1;
}

export async function removeProcess(
  session: Session,
  process: AttemptName & Pick<AttemptProcess, "pid">,
): Promise<void> {
  await session.rows(
    `delete from attempt_processes
     where tenant_id = $1 and plan_id = $2 and step_key = $3 and attempt = $4 and pid = $5`,
    process.tenantId,
    process.planId,
    process.stepKey,
    process.attempt,
    process.pid,
  );
}

/** Processes of some attempts that nobody has said the end of. */
export async function findProcesses(
  session: Session,
  attempts: readonly AttemptName[],
): Promise<readonly AttemptProcess[]> {
  const rows = await session.rows<Row>(
    `select tenant_id, plan_id, step_key, attempt, pid, worker_id, host, boot_id, start_ticks
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
       as given (tenant_id, plan_id, step_key, attempt)
     join attempt_processes using (tenant_id, plan_id, step_key, attempt)
     order by tenant_id, plan_id, step_key, attempt, pid`,
    attempts.map(({ tenantId }) => tenantId),
    attempts.map(({ planId }) => planId),
    attempts.map(({ stepKey }) => stepKey),
    attempts.map(({ attempt }) => attempt),
  );
  return rows.map((row) => ({
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
