import { Client, type QueryConfig } from "pg";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { CommitCutOptions } from "../../src/testing/faults/tcp-proxy.ts";
import { startTcpProxy, type TcpProxy } from "../../src/testing/faults/tcp-proxy.ts";
import { until } from "../torture/process/until.ts";
import { connected } from "./connected.ts";
import { createDatabase } from "./create-database.ts";
import type { TestDatabase } from "./create-database-on.ts";

const PATIENCE_MS = 20_000;
/** Held by a test, it keeps every COMMIT of a row below zero waiting. */
const GATE = 1;
const CUT = /terminated|ECONNRESET|EPIPE|not queryable|closed/;

let database: TestDatabase;
let proxy: TcpProxy;

beforeAll(async () => {
  database = await createDatabase();
  await connected(database.url, async (client) => {
    await client.query("create table kept (n int)");
    await client.query(`
      create function wait() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(${GATE}); return null; end $$
    `);
    await client.query(`
      create constraint trigger waiting after insert on kept deferrable initially deferred
      for each row when (new.n < 0) execute function wait()
    `);
  });
});

afterAll(() => database[Symbol.asyncDispose]());

beforeEach(async () => {
  await connected(database.url, (client) => client.query("truncate kept"));
  await use(database.url);
});

/** Everything goes by way of a new proxy from here on. */
async function use(url: string, isCommit?: (statement: string) => boolean): Promise<void> {
  const port = Number(new URL(url).port);
  const made = await startTcpProxy({ port, ...(isCommit === undefined ? {} : { isCommit }) });
  onTestFinished(() => made[Symbol.asyncDispose]());
  proxy = made;
}

async function open(applicationName = "test", pipeline = true): Promise<Client> {
  const client = new Client({
    connectionString: proxy.route(database.url),
    application_name: applicationName,
    pipeline,
  });
  // Its connection is going to be cut under it.
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

async function rows(): Promise<readonly number[]> {
  return connected(database.url, async (client) => {
    const { rows } = await client.query<{ n: number }>("select n from kept order by n");
    return rows.map(({ n }) => n);
  });
}

/** What a client was told of its COMMIT: nothing but that the connection is gone. */
async function write(client: Client, ...statements: readonly (string | QueryConfig)[]) {
  const answers = await Promise.allSettled(statements.map((one) => client.query(one)));
  return answers.map(({ status }) => (status === "fulfilled" ? "done" : "lost"));
}

const named = (text: string): QueryConfig => ({ name: text, text });

const WAYS: Readonly<Record<string, (text: string) => string | QueryConfig>> = {
  "as plain queries": (text) => text,
  "as unnamed statements": (text) => ({ text, queryMode: "extended" }),
  "as prepared statements": named,
};

const TIMES: readonly CommitCutOptions[] = [
  { when: "forwarded" },
  { when: "answered" },
  { when: "answered", how: "end" },
];

for (const [way, say] of Object.entries(WAYS)) {
  test.each(TIMES)(
    `a COMMIT that was forwarded (${way}) stands, although its client saw an error: %j`,
    async (options) => {
      const client = await open();
      const statements = ["begin", "insert into kept values (1)", "commit"].map(say);
      expect(await write(client, ...statements)).toEqual(["done", "done", "done"]);
      proxy.cutCommits(options);
      const told = await write(client, ...statements, "insert into kept values (2)");
      expect(told.slice(2)).toEqual(["lost", "lost"]);
      await until("its answer", PATIENCE_MS, () => proxy.commitCuts.committed === 1 || null);
      expect(await rows()).toEqual([1, 1]);
      expect(proxy.commitCuts).toEqual({ made: 1, committed: 1, refused: 0, unanswered: 0 });
    },
  );
}

test("an insert that commits by itself is cut like a COMMIT, where that is asked for", async () => {
  await use(database.url, (statement) => statement.startsWith("insert"));
  const client = await open("test", false);
  proxy.cutCommits({ when: "answered" });
  await expect(client.query("insert into kept values ($1)", [7])).rejects.toThrow(CUT);
  expect(proxy.commitCuts.committed).toBe(1);
  expect(await rows()).toEqual([7]);
});

test("only those commits are cut that were chosen", async () => {
  proxy.cutCommits({ which: (number) => number === 2, when: "answered" });
  const spared = await open();
  const cut = await open();
  const commit = (client: Client, n: number) =>
    write(client, "begin", `insert into kept values (${n})`, "commit");
  expect(await commit(spared, 1)).toEqual(["done", "done", "done"]);
  expect(await commit(cut, 2)).toContain("lost");
  expect(await commit(spared, 3)).toEqual(["done", "done", "done"]);
  proxy.spareCommits();
  expect(await rows()).toEqual([1, 2, 3]);
  expect([proxy.commits, proxy.commitCuts.made]).toEqual([3, 1]);
});

test("a COMMIT of what has failed is no proof of anything", async () => {
  proxy.cutCommits({ when: "answered" });
  const client = await open();
  expect(await write(client, "begin", "insert into kept values ('x')", "commit")).toContain("lost");
  expect(proxy.commitCuts).toEqual({ made: 1, committed: 0, refused: 1, unanswered: 0 });
  expect(await rows()).toEqual([]);
});

/** Runs while every COMMIT of a row below zero waits. */
async function whileCommitsWait(work: () => Promise<void>): Promise<void> {
  await connected(database.url, async (client) => {
    await client.query("select pg_advisory_lock($1)", [GATE]);
    await work();
  });
}

function waiting(): Promise<number> {
  return connected(database.url, async (client) => {
    const { rowCount } = await client.query(
      "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    return rowCount ?? 0;
  });
}

test("a client that is cut at once may look before its COMMIT is through", async () => {
  proxy.cutCommits();
  await whileCommitsWait(async () => {
    const client = await open();
    expect(await write(client, "begin", "insert into kept values (-1)", "commit")).toContain(
      "lost",
    );
    await until("its turn", PATIENCE_MS, async () => (await waiting()) === 1 || null);
    expect(await rows()).toEqual([]);
    expect(proxy.commitCuts).toEqual({ made: 1, committed: 0, refused: 0, unanswered: 0 });
  });
  await until("its answer", PATIENCE_MS, () => proxy.commitCuts.committed === 1 || null);
  expect(await rows()).toEqual([-1]);
});

test("what a client says or does after its COMMIT neither reaches the server nor disturbs it", async () => {
  proxy.cutCommits({ when: "answered" });
  const client = await open();
  await whileCommitsWait(async () => {
    const told = write(client, "begin", "insert into kept values (-1)", "commit");
    await until("its turn", PATIENCE_MS, async () => (await waiting()) === 1 || null);
    const more = write(client, "insert into kept values (5)");
    client.connection.stream.destroy();
    expect((await Promise.all([told, more])).flat()).not.toContain("done");
  });
  await until("its answer", PATIENCE_MS, () => proxy.commitCuts.committed === 1 || null);
  expect(await rows()).toEqual([-1]);
});

test("a COMMIT whose server dies over it is counted as unanswered", async () => {
  proxy.cutCommits();
  await whileCommitsWait(async () => {
    const client = await open("doomed");
    await write(client, "begin", "insert into kept values (-1)", "commit");
    await until("its turn", PATIENCE_MS, async () => (await waiting()) === 1 || null);
    await connected(database.url, (other) =>
      other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed'",
      ),
    );
    await until("its end", PATIENCE_MS, () => proxy.commitCuts.unanswered === 1 || null);
  });
  expect(await rows()).toEqual([]);
});

test("the connection of one client is cut, known by its name, and the others go on", async () => {
  const cut = await open("cut");
  const spared = await open("spared");
  for (const one of proxy.connections) if (one.applicationName === "cut") one.cut();
  await expect(cut.query("select 1")).rejects.toThrow(CUT);
  expect((await spared.query("select 1")).rowCount).toBe(1);
});

test("half-open: a client that is gone keeps its locks until the server learns of it", async () => {
  const client = await open("gone");
  await write(client, "begin", "lock table kept");
  proxy.blackhole();
  const answer = client.query("commit").catch(() => "lost");
  await until("the gap", PATIENCE_MS, () => proxy.connections[0]?.hasLost || null);
  const gone = client.end().catch(() => {});
  await connected(database.url, async (other) => {
    await other.query("set lock_timeout = '50ms'");
    await expect(other.query("insert into kept values (1)")).rejects.toThrow("lock timeout");
    proxy.heal();
    await other.query("set lock_timeout = '20s'");
    await other.query("insert into kept values (2)");
  });
  expect(await answer).toBe("lost");
  await gone;
});
