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
  const inOrder = demands.toSorted((left, right) => left.no - right.no);
  const rows = await transaction.rows<{ won: string }>(
    `select set_config('app.won', coalesce(string_agg(demanded.no::text, ','), ''), true) as won
     from (select unnest($1::bigint[]) as no, unnest($2::bigint[]) as version) as demanded
     cross join lateral (select version from plans where no = demanded.no for update) as locked
     where locked.version = demanded.version`,
    inOrder.map(({ no }) => no),
    inOrder.map(({ version }) => version),
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
    `select no
     from (select unnest($1::bigint[]) as no, unnest($2::bigint[]) as version) as demanded
     where version = (select version from plans where plans.no = demanded.no)
     order by no`,
    demands.map(({ no }) => no),
    demands.map(({ version }) => version),
  );
  return new Set(rows.map(({ no }) => no));
}
