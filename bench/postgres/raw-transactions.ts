import { Client } from "pg";

/** How statements of a transaction go to the server. */
export type Way =
  /** BEGIN, the insert, COMMIT: each when the one before it has been answered. */
  | "in turn"
  /** BEGIN, the tenant, the insert, COMMIT: all at once, as `pg` pipelines. */
  | "pipelined"
  /** The insert alone, which is a transaction by itself. */
  | "bare";

export interface RawOptions {
  readonly connections: number;
  readonly way: Way;
  readonly rows: readonly string[];
  readonly ms: number;
}

/**
 * What a step of a chain leaves: three events of about 350 bytes with their hashes, two steps, the
 * plan and the command.
 */
export const ROWS_OF_A_STEP: readonly string[] = [
  ...Array.from({ length: 3 }, () => "e".repeat(420)),
  ...Array.from({ length: 2 }, () => "s".repeat(120)),
  "p".repeat(330),
  "c".repeat(190),
];

/** About what an event weighs. */
export const ONE_ROW: readonly string[] = ["x".repeat(250)];

/** Transactions per second that only insert, on connections with nothing in between. */
export async function rawPerSecond(url: string, options: RawOptions): Promise<number> {
  const { connections, way, rows, ms } = options;
  const pipeline = way === "pipelined";
  const clients = Array.from(
    { length: connections },
    () => new Client({ connectionString: url, pipeline }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query(TABLE);
    await Promise.all(clients.map((client) => repeatUntil(performance.now(), client, way, rows)));
    const began = performance.now();
    const counts = await Promise.all(
      clients.map((client) => repeatUntil(began + ms, client, way, rows)),
    );
    const count = counts.reduce((sum, one) => sum + one, 0);
    return (count / (performance.now() - began)) * 1000;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** A figure of ours between two measurements of raw transactions: it is held against their mean. */
export async function besideRaw(
  url: string,
  raw: RawOptions,
  measure: () => Promise<number>,
): Promise<{ readonly value: number; readonly raw: number }> {
  const before = await rawPerSecond(url, raw);
  const value = await measure();
  const after = await rawPerSecond(url, raw);
  return { value, raw: (before + after) / 2 };
}

const TABLE = `create table if not exists public.raw (
  plan_no bigint, seq bigint generated always as identity, body text not null,
  primary key (plan_no, seq))`;

/** At least once, so that everything is prepared. */
async function repeatUntil(
  end: number,
  client: Client,
  way: Way,
  rows: readonly string[],
): Promise<number> {
  let count = 0;
  do {
    await transact(client, way, rows);
    count += 1;
  } while (performance.now() < end);
  return count;
}

async function transact(client: Client, way: Way, rows: readonly string[]): Promise<void> {
  const insert = { ...INSERT, values: [1, rows] };
  switch (way) {
    case "in turn":
      for (const query of [BEGIN, insert, COMMIT]) await client.query(query);
      return;
    case "pipelined":
      await Promise.all([BEGIN, TENANT, insert, COMMIT].map((query) => client.query(query)));
      return;
    case "bare":
      await client.query(insert);
  }
}

const BEGIN = { name: "begin", text: "begin" };
const COMMIT = { name: "commit", text: "commit" };
const TENANT = { name: "tenant", text: "select set_config('app.tenant', '1', true)" };
const INSERT = {
  name: "insert",
  text: "insert into public.raw (plan_no, body) select $1::bigint, unnest($2::text[])",
};
