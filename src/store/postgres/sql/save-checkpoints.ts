import { freezePlan } from "../../../core/plan/checkpoint.ts";
import type { HeldPlan } from "../../held-plan.ts";
import type { Transaction } from "../driver.ts";

/** Keeps folded plans that were won, so that whoever loads them begins from there. */
export function saveCheckpoints(
  transaction: Transaction,
  tenantNo: number,
  plans: readonly HeldPlan[],
): void {
  for (const held of plans) {
    transaction.send(
      `insert into checkpoints (tenant_no, plan_no, seq, body)
       select $1::bigint, plan_no, $3::bigint, $4::text
       from unnest(array[$2::bigint]) as given (plan_no)
       where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
       on conflict (plan_no) do update set seq = excluded.seq, body = excluded.body
       where excluded.seq > checkpoints.seq`,
      tenantNo,
      held.no,
      held.plan.version,
      JSON.stringify(freezePlan(held.plan)),
    );
  }
}
