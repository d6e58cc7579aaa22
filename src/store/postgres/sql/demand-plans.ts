import type { Transaction } from "../driver.ts";

/** A plan and the version that was decided on. */
export interface Demand {
  readonly no: number;
  readonly version: number;
}

/**
 * Locks plans, in order of their numbers, and says which still stand at the version demanded. What
 * is written after it in the transaction is written of those only.
 */
export async function demandPlans(
  transaction: Transaction,
  demands: readonly Demand[],
): Promise<ReadonlySet<number>> {
  const rows = await transaction.rows<{ won: string }>(
    `with locked as (
       select no, version from plans where no = any ($1::bigint[]) order by no for update
     )
     select set_config('app.won', coalesce(string_agg(no::text, ','), ''), true) as won
     from locked
     join unnest($1::bigint[], $2::bigint[]) as demanded (no, version) using (no, version)`,
    demands.map(({ no }) => no),
    demands.map(({ version }) => version),
  );
  const [{ won } = { won: "" }] = rows;
  return new Set(won === "" ? [] : won.split(",").map(Number));
}

/** The same without a lock, for who writes nothing. */
export async function findStanding(
  transaction: Transaction,
  demands: readonly Demand[],
): Promise<ReadonlySet<number>> {
  const rows = await transaction.rows<{ no: number }>(
    `select no from plans
     join unnest($1::bigint[], $2::bigint[]) as demanded (no, version) using (no, version)
     order by no`,
    demands.map(({ no }) => no),
    demands.map(({ version }) => version),
  );
  return new Set(rows.map(({ no }) => no));
}
