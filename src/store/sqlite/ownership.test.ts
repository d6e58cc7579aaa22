import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import { Fixture, planOf } from "../../testing/store-contract/fixture.ts";
import type { Stores } from "../store.ts";
import { openSqlite, type SqliteOptions } from "./open-sqlite.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "planwright-owner-")));
  path = join(folder, "planwright.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { time: Date.UTC(2026, 0, 1) };

function open(options: Partial<SqliteOptions> = {}): Promise<Stores> {
  return openSqlite({
    path,
    clock: { now: () => clock.time, defer: (callback) => void setImmediate(callback) },
    pure: CONTRACT_PURE,
    command: "planwright serve",
    extendWal: false,
    ballastBytes: 0,
    ...options,
  });
}

/** Another process that does something with the store at `path`. */
function programOf(body: string): readonly string[] {
  return [
    "--input-type=module",
    "--eval",
    `import { openSqlite } from ${moduleOf("./open-sqlite.ts")};
     import { CONTRACT_PURE as pure } from ${moduleOf("../../testing/store-contract/contract-pure.ts")};
     import { Fixture, planOf } from ${moduleOf("../../testing/store-contract/fixture.ts")};
     const clock = { now: () => ${clock.time}, defer: (callback) => void setImmediate(callback) };
     const open = () => openSqlite({ path: ${JSON.stringify(path)}, clock, pure, ballastBytes: 0 });
     ${body}`,
  ];
}

function moduleOf(name: string): string {
  return JSON.stringify(new URL(name, import.meta.url).href);
}

const TRY_TO_OPEN = `await open().then(() => console.log("open"), (fault) => console.log(fault.code));`;

function elsewhere(body: string): string {
  return execFileSync(process.execPath, programOf(body), { encoding: "utf8" }).trim();
}

describe("the owner of a store", () => {
  test("S7: a second owner is refused, and told who the first is", async () => {
    const stores = await open();
    await expect(open()).rejects.toMatchObject({
      name: "StoreFault",
      code: "owned",
      message: `${path} belongs to process ${process.pid} on ${hostname()} (planwright serve, since 2026-01-01T00:00:00.000Z): talk to that process, or stop it`,
    });
    await stores[Symbol.asyncDispose]();
    const again = await open();
    await again[Symbol.asyncDispose]();
  });

  test("S7: another process is refused as well, until the first has closed", async () => {
    const stores = await open();
    expect(elsewhere(TRY_TO_OPEN)).toBe("owned");
    await stores[Symbol.asyncDispose]();
    expect(elsewhere(TRY_TO_OPEN)).toBe("open");
  });

  test("S8: nothing that the owner does to its folder lets go of its locks", async () => {
    const stores = await open({ ballastBytes: 1024 * 1024, extendWal: true });
    const fixture = new Fixture(stores, clock);
    await fixture.start("pln_1", planOf({ a: [] }));
    await stores.artifactStore.put(new TextEncoder().encode("content"));
    await stores.check();
    await expect(open()).rejects.toMatchObject({ code: "owned" });
    expect(elsewhere(TRY_TO_OPEN)).toBe("owned");
    await stores[Symbol.asyncDispose]();
  });

  test("S9: by another name it is the same store", async () => {
    const stores = await open();
    const link = join(folder, "link.db");
    symlinkSync(path, link);
    await expect(open({ path: link })).rejects.toMatchObject({ code: "owned" });
    await stores[Symbol.asyncDispose]();
  });

  test("names itself while it lives, and nobody after a clean close", async () => {
    const stores = await open();
    const owner: unknown = JSON.parse(readFileSync(join(folder, "planwright.owner.json"), "utf8"));
    expect(owner).toEqual({
      pid: process.pid,
      host: hostname(),
      since: "2026-01-01T00:00:00.000Z",
      command: "planwright serve",
    });
    await stores[Symbol.asyncDispose]();
    expect(existsSync(join(folder, "planwright.owner.json"))).toBe(false);
  });

  test("is refused politely though who it is cannot be read", async () => {
    const stores = await open();
    writeFileSync(join(folder, "planwright.owner.json"), "half a li");
    await expect(open()).rejects.toThrow(/belongs to another process/);
    await stores[Symbol.asyncDispose]();
  });

  test("that could not open the store does not own it", async () => {
    writeFileSync(path, "this is no database, and it is long enough to be read as one".repeat(20));
    await expect(open()).rejects.toMatchObject({ code: "corrupt" });
    rmSync(path);
    const stores = await open();
    await stores[Symbol.asyncDispose]();
  });
});

describe("an owner that was killed", () => {
  /** Commits plans one after the other, telling each that was acknowledged, until it is killed. */
  const WORK = `
    const stores = await open();
    const fixture = new Fixture(stores, { time: clock.now() });
    for (let index = 0; ; index += 1) {
      await fixture.start("pln_" + index, planOf({ a: [], b: ["a"] }));
      console.log("pln_" + index);
    }`;

  async function killedAfter(plans: number): Promise<string[]> {
    const child = spawn(process.execPath, programOf(WORK), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const told: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      told.push(line);
      if (told.length === plans) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return told;
  }

  test("has lost nothing that it acknowledged, and its store goes on", async () => {
    const told = await killedAfter(25);
    expect(told.length).toBeGreaterThanOrEqual(25);
    const stores = await open();
    const fixture = new Fixture(stores, clock);
    for (const id of told) {
      expect(await fixture.store.read(id, (plan) => plan.status)).toBe("executing");
    }
    expect(await stores.check()).toEqual([]);
    await fixture.accept({ ...fixture.leaseCommand("pln_0"), id: "cmd_of_the_next_life" });
    await stores[Symbol.asyncDispose]();
  });

  test("S17: leaves a file that is looked over, and one that is damaged is refused", async () => {
    await killedAfter(25);
    const stores = await open();
    await stores[Symbol.asyncDispose]();
    writeFileSync(join(folder, "planwright.owner.json"), "{}\n");
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096 * 8, 4096 * 20);
    writeFileSync(path, bytes);
    await expect(open()).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringMatching(/is damaged.* restore the last backup/),
    });
    await expect(open()).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("a disk that is full", () => {
  test("S12: stops new work, lets reading and winding down go on, and resumes by itself", async () => {
    const { openDriver } = await import("./driver.ts");
    const drivers: ReturnType<typeof openDriver>[] = [];
    const stores = await open({
      openDriver: (options) => {
        const driver = openDriver(options);
        if (!options.path.endsWith(".lock.db")) drivers.push(driver);
        return driver;
      },
    });
    const fixture = new Fixture(stores, clock);
    await fixture.start("pln_1", planOf({ a: [] }));
    const pages = drivers[0]?.find<{ page_count: number }>("pragma page_count")?.page_count ?? 0;
    drivers[0]?.find(`pragma max_page_count = ${pages}`);
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`s${index}`, []]));
    const large = fixture.createCommand("pln_2", planOf(many));
    await expect(fixture.commit(large)).rejects.toMatchObject({ code: "full", retryable: true });
    expect(await fixture.store.read("pln_2", () => true)).toBeNull();
    expect(await fixture.store.read("pln_1", (plan) => plan.status)).toBe("executing");
    drivers[0]?.find("pragma max_page_count = 1000000");
    await fixture.accept(large);
    expect(await stores.check()).toEqual([]);
    await stores[Symbol.asyncDispose]();
  });
});
