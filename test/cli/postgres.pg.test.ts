import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDatabase } from "../postgres/create-database.ts";
import { createDatabaseOn } from "../postgres/create-database-on.ts";
import type { PostgresServer } from "../postgres/postgres-server.ts";
import { startServer } from "../postgres/start-server.ts";
import { connected } from "../postgres/connected.ts";
import { Cli, words, type Ran, type Running, type Shown } from "./cli.ts";

// Processes take their time where many tests run.
vi.setConfig({ testTimeout: 90_000 });

const HELD = `plan: Held
policy: { approval: none, verification: none }
steps:
  hold:
    do: command
    with: { run: "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo done" }
    effect: repeatable
  after: { do: tool, owner: std.echo, needs: [hold] }
`;

/** A command line that keeps its plans in a database of its own. */
class DatabaseCli extends Cli {
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  override start(...args: readonly string[]): Running {
    const env = { PLANWRIGHT_STORE: this.url, PLANWRIGHT_ACCEPT_DATA_LOSS: "1" };
    return this.startWith(env, ...args);
  }
}

describe("on Postgres", () => {
  test("a run, what it leaves behind, and what is done to it go by the same commands as on a file", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    const file = cli.write(
      "make.yaml",
      `plan: Make
policy: { verification: none }
inputs: { word: { type: string } }
steps:
  make:
    do: command
    with: { run: 'echo "$WORD" > made.txt', env: { WORD: "\${{ inputs.word }}" } }
    effect: repeatable
    deliverables: [{ name: made, path: made.txt }]
`,
    );
    const asked = await cli.run("run", file, "--input", "word=hello");
    expect(asked.code).toBe(5);
    const approve = /planwright plan approve .*/.exec(asked.stderr)?.[0] ?? "";
    const approved = await cli.run(...words(approve));
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining("completed") });
    const { data } = await cli.json<{ data: { id: string }[] }>("plan", "ls");
    const planId = data[0]?.id ?? "";
    const shown = await cli.json<Shown>("plan", "show", planId);
    const [artifact] = shown.steps["make"]?.artifacts ?? [];
    const content = await cli.must("artifact", "cat", artifact?.id ?? "");
    expect(content.stdout).toBe("hello\n");
    const path = await cli.must("artifact", "path", artifact?.id ?? "");
    expect(path.stdout).toMatch(/\.planwright\/artifacts\/[0-9a-f]{2}\/[0-9a-f]{64}\n$/);
    expect((await cli.must("plan", "events", planId)).stdout).toContain("Completed");
    expect((await cli.run("plan", "cancel", planId)).code).toBe(8);
    expect((await cli.run("plan", "show", "pln_none")).code).toBe(4);
    expect((await cli.must("artifact", "prune", "--older-than", "0s")).stdout).toBe(
      "0 contents removed, 0 bytes\n",
    );
  });

  test("a question of a run that goes on is answered from elsewhere", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    const file = cli.write(
      "held.yaml",
      `${HELD}  agree: { do: human, request: { kind: approval, title: "Agree?" } }\n`,
    );
    const running = cli.start("run", file);
    await running.says("Asked: Agree?");
    await running.says("hold started");
    const { data } = await cli.json<{ data: { id: string }[] }>("request", "ls");
    await cli.must("request", "approve", data[0]?.id ?? "");
    cli.write("go", "");
    const ran = await running.ended;
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("completed") });
    expect(ran.stderr).not.toContain("to be answered once this process has ended");
  });

  test("a run, a worker and who watches work beside each other", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    const worker = cli.start("worker");
    await worker.says("working on Postgres");
    const submitted = await cli.must("plan", "submit", cli.write("held.yaml", HELD), "--start");
    const planId = /pln_\S+/.exec(submitted.stdout)?.[0] ?? "";
    await worker.says("hold started");
    const watching = cli.start("plan", "watch", planId);
    await watching.says(/carried out by process \d+ \(/);
    const waiting = cli.start("plan", "wait", planId);
    const other = cli.write(
      "other.yaml",
      "plan: Other\npolicy: { approval: none }\nsteps: { a: { do: tool, owner: std.echo } }\n",
    );
    expect(await cli.run("run", other, "--quiet")).toMatchObject({ code: 0 });
    cli.write("go", "");
    expect(await watching.ended).toMatchObject({ code: 0, stdout: `${planId} completed\n` });
    expect(await waiting.ended).toMatchObject({ code: 0 });
    worker.kill("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0 });
  });

  test("who watches goes on alone when the last worker has gone", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    const worker = cli.start("worker");
    await worker.says("working on");
    const submitted = await cli.must("plan", "submit", cli.write("held.yaml", HELD), "--start");
    const planId = /pln_\S+/.exec(submitted.stdout)?.[0] ?? "";
    await worker.says("hold started");
    const watching = cli.start("plan", "watch", planId);
    await watching.says(/carried out by process \d+ \(/);
    worker.kill("SIGTERM");
    cli.write("go", "");
    expect(await watching.ended).toMatchObject({ code: 0, stdout: `${planId} completed\n` });
  });

  test("a worker takes what stands in its pools, and leaves the rest", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    const file = cli.write(
      "pools.yaml",
      `plan: Pools
policy: { approval: none, verification: none }
steps:
  train: { do: tool, owner: std.echo, pool: gpu }
  rest: { do: tool, owner: std.echo }
`,
    );
    const submitted = await cli.must("plan", "submit", file, "--start");
    const planId = /pln_\S+/.exec(submitted.stdout)?.[0] ?? "";
    await cli.must("worker", "--until-idle", "--pools", "gpu, fast");
    const half = await cli.json<Shown>("plan", "show", planId);
    expect(half.steps).toMatchObject({ train: { status: "succeeded" }, rest: { status: "ready" } });
    await cli.must("worker", "--until-idle");
    expect((await cli.json<Shown>("plan", "show", planId)).plan.status).toBe("completed");
    expect(await cli.run("worker", "--pools", "a,,b")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--pools: "" is no name of a pool'),
    });
  });

  test("only what is to make a store makes one, and a migration says what it did", async () => {
    await using database = await createDatabase();
    await using cli = new DatabaseCli(database.url);
    for (const args of [
      ["plan", "ls"],
      ["plan", "cancel", "pln_1"],
      ["plan", "watch", "pln_1"],
    ]) {
      const ran = await cli.run(...args);
      expect(ran).toMatchObject({ code: 7, stdout: "" });
      expect(ran.stderr).toContain("there is no store in this database");
    }
    expect(await schemas(database.url)).not.toContain("planwright");
    const first = await cli.json<{ done: string[] }>("db", "migrate");
    expect(first.done).toContain("0001-init.sql");
    expect(await cli.json("db", "migrate")).toMatchObject({ done: [] });
    expect((await cli.must("plan", "ls")).stdout).toBe("");
  });

  test("a password is shown to nobody: in no message, no advice, and no list of processes", async () => {
    await using database = await createDatabase();
    await using cli = new Cli();
    const secret = new URL(database.url).password;
    expect(secret.length).toBeGreaterThan(8);
    const typed = ["--store", database.url, "--accept-data-loss"];
    const wrong = database.url.replace(secret, `${secret}x`);
    const gone = database.url.replace(/:\d+\//, ":1/");
    const running = cli.start("run", cli.write("held.yaml", HELD), ...typed);
    const [, planId = ""] = await running.says(/(pln_\S+) Held/);
    await running.says("hold started");
    const worker = cli.start("worker", ...typed, "--name", "one");
    await worker.says("working on");
    expect(commandLines()).not.toContain(secret);
    const ran: Ran[] = [];
    ran.push(await cli.run("plan", "ls", "--store", wrong));
    ran.push(await cli.run("plan", "ls", "--store", gone));
    ran.push(await cli.run("plan", "explain", planId, "--json", "--store", database.url));
    ran.push(await cli.run("doctor", "--json", "--store", database.url));
    ran.push(await cli.run("plan", "show", planId, "--json", "--store", database.url));
    running.kill("SIGINT");
    await running.says("what runs may end");
    cli.write("go", "");
    ran.push(await running.ended);
    worker.kill("SIGTERM");
    ran.push(await worker.ended);
    expect(ran.map(({ code }) => code).slice(0, 3)).toEqual([7, 7, 0]);
    const said = ran.map(({ stdout, stderr }) => stdout + stderr).join("\n");
    expect(said).not.toContain(secret);
    expect(said).toMatch(/go on with: planwright plan watch \S+ --store postgres:\/\/postgres@127/);
  });

  test("what is no address is refused, and artifacts beside a file are not put elsewhere", async () => {
    await using cli = new Cli();
    const ran = await cli.run("plan", "ls", "--store", "postgres:s3cret@host");
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("postgres://user@host") });
    expect(ran.stderr).not.toContain("s3cret");
    const beside = await cli.run("plan", "ls", "--store", "plans.db", "--artifacts", "elsewhere");
    expect(beside).toMatchObject({ code: 2, stderr: expect.stringContaining("beside it") });
  });
});

describe("the doctor of a database", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startServer({ durable: true });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("says that all is well, and what would be better", async () => {
    await using database = await createDatabaseOn(server.url);
    await using cli = new DatabaseCli(database.url);
    const empty = await cli.run("doctor");
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain("WRONG  schema: there is no store in this database");
    await cli.must(
      "run",
      cli.write("held.yaml", HELD.replace("while [ ! -e go ]; do sleep 0.05; done; ", "")),
    );
    const looked = await cli.must("doctor");
    expect(looked.stdout).toMatch(/^ok {5}settings: Postgres \d+\.\d+, fsync on/m);
    expect(looked.stdout).toMatch(/^note {3}roles: it connects as postgres .* superuser/m);
    expect(looked.stdout).toMatch(/^ok {5}hints: workers tell each other of work at once/m);
    expect(looked.stdout).toMatch(/^ok {5}integrity: every hash chain and every row agree/m);
    expect(looked.stdout).toContain("all is well");
  });

  test("has nothing to say of a login of its own that row-level security binds", async () => {
    await using database = await createDatabaseOn(server.url);
    await using owner = new DatabaseCli(database.url);
    await owner.must("db", "migrate");
    await connected(database.url, (client) =>
      client.query("create role worker_login login password 'pw' in role planwright_app"),
    );
    const url = new URL(database.url);
    url.username = "worker_login";
    url.password = "pw";
    await using cli = new DatabaseCli(url.href);
    await cli.must(
      "run",
      cli.write("held.yaml", HELD.replace("while [ ! -e go ]; do sleep 0.05; done; ", "")),
    );
    const looked = await cli.must("doctor");
    expect(looked.stdout).toMatch(/^ok {5}roles: it connects as worker_login/m);
    expect(looked.stdout).not.toContain("note ");
  });
});

async function schemas(url: string): Promise<readonly string[]> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ nspname: string }>("select nspname from pg_namespace");
    return rows.map(({ nspname }) => nspname);
  });
}

/** What everybody on this machine may see of the processes that this one has begun. */
function commandLines(): string {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
  return children
    .split(" ")
    .filter(Boolean)
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"))
    .join("\n");
}
