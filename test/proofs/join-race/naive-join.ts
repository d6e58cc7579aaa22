import { Client } from "pg";
import type { Chance } from "../../../src/testing/chance.ts";

export interface NaiveJoinOptions {
  readonly url: string;
  readonly connections: number;
  readonly diamonds: number;
  readonly chance: Chance;
}

/**
 * The control: the same race on rows of its own, where each parent looks for itself whether it is
 * the last. How many joins nobody readied, because two parents did not see each other end (P4).
 */
export async function raceNaively(options: NaiveJoinOptions): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const clients: Client[] = [];
  for (let number = 0; number < options.connections; number += 1) {
    const client = new Client({ connectionString: options.url });
    stack.defer(() => client.end());
    await client.connect();
    clients.push(client);
  }
  const [first] = clients;
  await first?.query(`
    create table naive_parents (diamond int, parent int, ended boolean not null default false);
    create table naive_joins (diamond int, readied int not null default 0)`);
  for (let diamond = 0; diamond < options.diamonds; diamond += 1) {
    const width = options.chance.between(2, clients.length, "width", diamond);
    await first?.query("insert into naive_joins (diamond) values ($1)", [diamond]);
    await first?.query(
      "insert into naive_parents (diamond, parent) select $1::int, generate_series(1, $2::int)",
      [diamond, width],
    );
    const racers = clients.slice(0, width);
    await Promise.all(racers.map((client, index) => endParent(client, diamond, index + 1)));
  }
  const stuck = await first?.query<{ count: number }>(
    "select count(*)::int as count from naive_joins where readied = 0",
  );
  return stuck?.rows[0]?.count ?? 0;
}

async function endParent(client: Client, diamond: number, parent: number): Promise<void> {
  await client.query("begin");
  await client.query("update naive_parents set ended = true where diamond = $1 and parent = $2", [
    diamond,
    parent,
  ]);
  await client.query(
    `update naive_joins set readied = readied + 1 where diamond = $1
       and not exists (select from naive_parents where diamond = $1 and not ended)`,
    [diamond],
  );
  await client.query("commit");
}
