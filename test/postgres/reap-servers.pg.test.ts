import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";
import { connected } from "./connected.ts";
import { createDatabase } from "./create-database.ts";
import { reapServers } from "./reap-servers.ts";
import { isServerOf } from "./server-process.ts";

const PATIENCE_MS = 20_000;
const ENV = { PATH: process.env["PATH"] ?? "" };

/** Starts a server, tells of it, and waits to be killed. */
const RUNNER = `
  import { startServer } from ${JSON.stringify(join(import.meta.dirname, "start-server.ts"))};
  const { pid, folder } = await startServer({ durable: false });
  console.log(JSON.stringify({ pid, folder }));
  setInterval(() => {}, 1000);
`;

function spawnNode(code: string): Spawned {
  const argv = [process.execPath, "--input-type=module", "--eval", code];
  return new Spawned(argv, { cwd: tmpdir(), env: ENV });
}

/** A process that has been and is no more. */
async function findDeadPid(): Promise<number> {
  await using gone = spawnNode("");
  await gone.endsWith(0, PATIENCE_MS);
  return gone.pid;
}

/** A folder as a killed runner leaves it, whose server is said to be this process. */
async function plantFolder(runner: string, serverPid: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `planwright-postgres-${runner}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "postmaster.pid"), `${serverPid}\n${folder}/data\n`);
  return folder;
}

async function isReaped(folder: string): Promise<true> {
  await reapServers();
  // The reaper of another test file may have been the first to see it.
  return until(`the end of ${folder}`, PATIENCE_MS, () => !existsSync(folder) || null);
}

test("the server of a runner that was killed is ended, and its folder removed", async () => {
  await using runner = spawnNode(RUNNER);
  const line = await until("its server", PATIENCE_MS, () => {
    if (runner.exit !== null) throw new Error(runner.stderr);
    return runner.lines[0] ?? null;
  });
  const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
  await reapServers();
  expect(isServerOf(pid, folder)).toBe(true);

  runner.kill("SIGKILL");
  await runner.ended(PATIENCE_MS);
  expect(isServerOf(pid, folder)).toBe(true);
  await isReaped(folder);
  expect(isServerOf(pid, folder)).toBe(false);
});

test("a process that has been given the number of a dead server is left alone", async () => {
  await using innocent = spawnNode("setInterval(() => {}, 1000)");
  const folder = await plantFolder(`${await findDeadPid()}-1`, innocent.pid);
  await isReaped(folder);
  expect(innocent.exit).toBeNull();
  expect(existsSync(`/proc/${innocent.pid}/cwd`)).toBe(true);
});

test("a Postgres server that lies in another folder is left alone", async () => {
  await using database = await createDatabase();
  await connected(database.url, async (client) => {
    const { rows } = await client.query<{ file: string }>(
      "select pg_read_file('postmaster.pid') as file",
    );
    const [pid = "", data = ""] = rows[0]?.file.split("\n") ?? [];
    expect(isServerOf(Number(pid), join(data, ".."))).toBe(true);
    await isReaped(await plantFolder(`${await findDeadPid()}-1`, Number(pid)));
    expect(isServerOf(Number(pid), join(data, ".."))).toBe(true);
    expect((await client.query("select 1")).rowCount).toBe(1);
  });
});

test("a runner is known by its start, not by its number alone", async () => {
  await isReaped(await plantFolder(`${process.pid}-1`, await findDeadPid()));
});

test.skipIf(process.getuid?.() !== 0)("the folder of another user is left alone", async () => {
  const folder = await plantFolder(`${await findDeadPid()}-1`, 1);
  chownSync(folder, 65_534, 65_534);
  expect(await reapServers()).not.toContain(folder);
  expect(existsSync(folder)).toBe(true);
});
