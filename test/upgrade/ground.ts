import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QueryResultRow } from "pg";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../src/store/store.ts";
import { keptPlans } from "../../src/testing/simulation/check-run.ts";
import { connected } from "../postgres/connected.ts";
import { createDatabase } from "../postgres/create-database.ts";
import type { TestDatabase } from "../postgres/create-database-on.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";
import { Witness, type LedgerLine } from "../torture/witness/witness.ts";
import { startCli, startProcess, type Duty } from "./fleet-process.ts";
import type { Release } from "./release/release.ts";

/** Machines are slow at times; what never comes is told all the same. */
export const PATIENCE_MS = 60_000;

/** What a fleet of several releases stands on: a database, a folder, and a witness of its steps. */
export class Ground implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "planwright-upgrade-"));
  readonly witness: Witness = new Witness(join(this.folder, "witness"));
  readonly #database: TestDatabase;
  readonly #started: Spawned[] = [];

  private constructor(database: TestDatabase) {
    this.#database = database;
  }

  static async prepare(): Promise<Ground> {
    return new Ground(await createDatabase());
  }

  start(release: Release, duty: Duty): Spawned {
    return this.#keep(
      startProcess(release, duty, { url: this.#database.url, folder: this.folder }),
    );
  }

  cli(release: Release, words: readonly string[], life?: string): Spawned {
    const place = { url: this.#database.url, folder: this.folder };
    return this.#keep(startCli(release, words, life === undefined ? place : { ...place, life }));
  }

  /** Asks as a superuser, beside everybody. */
  ask<Row extends QueryResultRow>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
    return connected(this.#database.url, async (client) => {
      return (await client.query<Row>(sql, [...values])).rows;
    });
  }

  /** By name, in the order in which they were done. */
  async migrations(): Promise<readonly string[]> {
    const rows = await this.ask<{ name: string }>(
      "select name from planwright.migrations order by number",
    );
    return rows.map(({ name }) => name);
  }

  /** Waits until each of these lives has ended so many more steps. */
  async progress(lives: readonly string[], steps: number): Promise<void> {
    const before = this.#endedBy();
    const goal = (life: string) => (before.get(life) ?? 0) + steps;
    await until(`${steps} more steps by ${lives.join(", ")}`, PATIENCE_MS, () => {
      const ended = this.#endedBy();
      return lives.every((life) => (ended.get(life) ?? 0) >= goal(life)) || null;
    });
  }

  /** Waits until every plan has ended. */
  async quiet(): Promise<void> {
    await until("the end of every plan", PATIENCE_MS, async () => {
      const [row] = await this.ask<{ open: string }>(
        "select count(*) as open from planwright.plans where ended_at is null",
      );
      return row?.open === "0" || null;
    });
  }

  /** The store as this release finds it, after everybody. */
  async look<T>(look: (stores: Stores) => Promise<T>): Promise<T> {
    await using stores = await openPostgres({
      url: this.#database.url,
      clock: createSystemRuntime(),
      pure: createPure((text) => hash("sha256", text)),
      acceptDataLoss: true,
    });
    return await look(stores);
  }

  /** The events of all plans. */
  async events(): Promise<readonly PlanEvent[]> {
    const plans = await this.look((stores) => keptPlans(stores.forTenant("default")));
    return plans.flatMap(({ events }) => events);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((one) => one[Symbol.asyncDispose]()));
    this.witness.endLiving();
    await this.#database[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #keep(spawned: Spawned): Spawned {
    this.#started.push(spawned);
    return spawned;
  }

  #endedBy(): ReadonlyMap<string, number> {
    const ends = this.witness.read().filter(({ kind }) => kind === "end");
    return countBy(ends, ({ life }) => life);
  }
}

/** Steps that were begun or ended more or less than once, and what outlived its worker. */
export function notOnce(ledger: readonly LedgerLine[]): readonly string[] {
  const odd = ledger.filter(({ kind }) => kind === "outlived" || kind === "overlap");
  const found = odd.map(({ kind, planId, stepKey }) => `${planId} ${stepKey}: ${kind}`);
  for (const kind of ["start", "end"] as const) {
    const lines = ledger.filter((line) => line.kind === kind);
    const all = new Set(ledger.map(({ planId, stepKey }) => `${planId} ${stepKey}`));
    const times = countBy(lines, ({ planId, stepKey }) => `${planId} ${stepKey}`);
    for (const step of all) {
      if (times.get(step) !== 1) found.push(`${step}: ${kind} ${times.get(step) ?? 0} times`);
    }
  }
  return found;
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
