import { hash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkWitness } from "../../src/core/history/check-witness.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { findProcess } from "../../src/executor/command/process-table.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { readLedgerFile } from "../../src/testing/faults/ledger-file.ts";
import { startTcpProxy } from "../../src/testing/faults/tcp-proxy.ts";
import { until } from "../torture/process/until.ts";
import { createDatabase } from "./create-database.ts";
import { lineOf, startCli, startScript } from "./worker-process.ts";

const PATIENCE_MS = 20_000;
const WORKER = fileURLToPath(new URL("witnessed-worker.ts", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-worker-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A script that counts, and ends where it is asked to. */
function startCounter() {
  const file = join(folder, "counter.ts");
  const text = `
    let count = 0;
    setInterval(() => console.log("tick " + (count += 1)), 1);
    process.on("SIGTERM", () => process.exit(3));
  `;
  writeFileSync(file, text);
  return startScript(file, [], { folder });
}

test("a process is stopped where it is, goes on, and ends when it is told to", async () => {
  await using worker = startCounter();
  await lineOf(worker, { withinMs: PATIENCE_MS, isWanted: (line) => line === "tick 3" });
  worker.kill("SIGSTOP");
  await until("its halt", PATIENCE_MS, () => findProcess(worker.pid)?.state === "T" || null);
  worker.kill("SIGCONT");
  await lineOf(worker, { withinMs: PATIENCE_MS, after: worker.lines.length });
  worker.kill("SIGTERM");
  await worker.endsWith(3, PATIENCE_MS);
});

test("a process that was stopped is killed all the same, and none is left behind", async () => {
  let pid: number;
  {
    await using worker = startCounter();
    ({ pid } = worker);
    await lineOf(worker, { withinMs: PATIENCE_MS });
    worker.kill("SIGSTOP");
  }
  expect(findProcess(pid)).toBeNull();
});

test("who ends without the line that was waited for is told, with what it said", async () => {
  await using worker = startCli(["plan", "teleport"], { folder });
  const wish = { withinMs: PATIENCE_MS, isWanted: (line: string) => line === "never" };
  await expect(lineOf(worker, wish)).rejects.toThrow(/ended with 2 before it said so: .*teleport/s);
});

/** Two workers of one fleet, until each has brought three plans to their ends. */
async function workUntilKilled(url: string, whenBegun: () => void): Promise<void> {
  const words = (name: string) => [url, join(folder, name), name];
  await using ada = startScript(WORKER, words("ada"), { folder });
  await using bob = startScript(WORKER, words("bob"), { folder });
  const both = async (plans: number) => {
    const isWanted = (line: string) => Number(line) >= plans;
    const wish = { withinMs: PATIENCE_MS, isWanted };
    await Promise.all([lineOf(ada, wish), lineOf(bob, wish)]);
  };
  await both(1);
  whenBegun();
  await both(3);
  for (const one of [ada, bob]) {
    one.kill("SIGKILL");
    await one.ended(PATIENCE_MS);
  }
}

test("what workers were told stands in the logs, though the network cut their commits and they were killed", async () => {
  await using database = await createDatabase();
  await using proxy = await startTcpProxy({
    port: Number(new URL(database.url).port),
    isWrite: (statement) => statement.startsWith("insert into events"),
  });
  await workUntilKilled(proxy.route(database.url), () =>
    proxy.cutCommits({ which: (number) => number % 5 === 0 }),
  );
  expect(proxy.commitCuts.committed).toBeGreaterThan(0);

  await using stores = await openPostgres({
    url: database.url,
    clock: createSystemRuntime(),
    pure: createPure((text) => hash("sha256", text)),
    acceptDataLoss: true,
  });
  const store = stores.forTenant("default");
  const { data } = await store.plans({ limit: 200 });
  const events = (await Promise.all(data.map(({ id }) => store.events(id)))).flat();
  const entries = ["ada", "bob"].flatMap((name) => [...readLedgerFile(join(folder, name))]);
  expect(events.filter(({ type }) => type === "plan.completed").length).toBeGreaterThanOrEqual(6);
  expect(checkWitness(entries, events)).toEqual([]);
  expect(await stores.check()).toEqual([]);
});
