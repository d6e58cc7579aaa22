import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "pg";
import { connected } from "./connected.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { startServer } from "./start-server.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startServer({ durable: true, settings: { work_mem: "5MB" } });
});

afterAll(() => server[Symbol.asyncDispose]());

async function setting(name: string): Promise<unknown> {
  return connected(server.url, async (client) => {
    const { rows } = await client.query<{ setting: string }>(
      "select current_setting($1) as setting",
      [name],
    );
    return rows[0]?.setting;
  });
}

/** Writes a row for good, and one that its transaction never comes to commit. */
async function write(table: string, client: Client): Promise<void> {
  await client.query(`create table ${table} (n int)`);
  await client.query(`insert into ${table} values (1)`);
  await client.query("begin");
  await client.query(`insert into ${table} values (2)`);
}

async function read(table: string): Promise<readonly number[]> {
  return connected(server.url, async (client) => {
    const { rows } = await client.query<{ n: number }>(`select n from ${table}`);
    return rows.map(({ n }) => n);
  });
}

async function open(applicationName = "test"): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: server.url, application_name: applicationName });
  // Its connection is going to be ended under it.
  client.on("error", () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end().catch(() => {}) });
}

test("a durable server keeps what it acknowledges, and other settings are as they were asked for", async () => {
  expect(await setting("fsync")).toBe("on");
  expect(await setting("synchronous_commit")).toBe("on");
  expect(await setting("full_page_writes")).toBe("on");
  expect(await setting("max_connections")).toBe("200");
  expect(await setting("work_mem")).toBe("5MB");
});

test("after kill -9 of all its processes it comes back on its port with what was committed", async () => {
  const { port, pid } = server;
  await using client = await open();
  await write("killed", client);
  await server.kill();
  expect(server.pid).toBeNull();
  await expect(connected(server.url, async () => {})).rejects.toThrow("ECONNREFUSED");
  await server.start();
  expect(server.port).toBe(port);
  expect(server.pid).not.toBe(pid);
  expect(await read("killed")).toEqual([1]);
});

test.each(["fast", "immediate"] as const)(
  "%s stop and start keep what was committed",
  async (how) => {
    await using client = await open();
    await write(`stopped_${how}`, client);
    await server.stop(how);
    await server.start();
    expect(await read(`stopped_${how}`)).toEqual([1]);
  },
);

test("those connections are terminated that were meant, and no others", async () => {
  await using meant = await open("meant");
  await using spared = await open("spared");
  expect(await server.terminateBackends({ applicationName: "meant" })).toBe(1);
  expect(await server.terminateBackends({ database: "no_such_database" })).toBe(0);
  await expect(meant.query("select 1")).rejects.toThrow(/terminat|connection/i);
  expect((await spared.query("select 1")).rowCount).toBe(1);
});

test("a server that cannot begin says why", async () => {
  await expect(
    startServer({ durable: false, settings: { shared_buffers: "much" } }),
  ).rejects.toThrow(/invalid value for parameter "shared_buffers": "much"/);
});

test("a server that was disposed of leaves neither process nor files", async () => {
  const other = await startServer({ durable: false });
  const { folder, pid } = other;
  await other[Symbol.asyncDispose]();
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});
