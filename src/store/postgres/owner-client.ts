import { toStoreFault } from "./to-store-fault.ts";

/**
 * One plain connection for what is done to a database as a whole: migrating it, giving rights,
 * looking at its settings. A `Client` of `pg` is one.
 */
export interface OwnerClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The rows of one statement; faults are `StoreFault`s. */
export async function ask<Row>(
  client: OwnerClient,
  sql: string,
  ...values: unknown[]
): Promise<readonly Row[]> {
  try {
    const { rows } = await client.query(sql, values);
    return rows as Row[];
  } catch (error) {
    throw toStoreFault(error);
  }
}

/** One transaction: committed when `work` resolves, rolled back when it throws. */
export async function inTransaction<T>(client: OwnerClient, work: () => Promise<T>): Promise<T> {
  await ask(client, "begin");
  try {
    const result = await work();
    await ask(client, "commit");
    return result;
  } catch (error) {
    // Where the connection is gone the transaction is, too: the first fault says more.
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
