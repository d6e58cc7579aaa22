import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

/**
 * Makes transactions slow that write events: three in ten stay open for 1 to 5 ms after their
 * positions have been given. As the superuser, on a database that has the schema.
 */
export async function slowDownWriters(url: string): Promise<void> {
  await using connection = await connect(url);
  await connection.client.query(`
    create function planwright.stay_open() returns trigger language plpgsql as $$
    declare number bigint := pg_current_xact_id()::text::bigint;
    begin
      if number % 10 < 3 then perform pg_sleep(0.001 * (1 + number % 5)); end if;
      return null;
    end $$;
    create trigger stay_open after insert on planwright.events
      for each statement execute function planwright.stay_open()`);
}

/** Somebody else's transactions on the same server, which hold back what may be told. */
export async function holdTransactions(url: string, isOver: () => boolean): Promise<number> {
  await using connection = await connect(url);
  let count = 0;
  while (!isOver()) {
    await connection.client.query("begin");
    await connection.client.query("select pg_current_xact_id()");
    await pause(1 + (count % 10));
    await connection.client.query("commit");
    await pause(count % 20);
    count += 1;
  }
  return count;
}

async function connect(url: string): Promise<AsyncDisposable & { readonly client: Client }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
