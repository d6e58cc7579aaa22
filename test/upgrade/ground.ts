import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { connected } from "../postgres/connected.ts";
import { createDatabase } from "../postgres/create-database.ts";
import type { TestDatabase } from "../postgres/create-database-on.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";
import { Witness, type LedgerLine } from "../torture/witness/witness.ts";
import { startCli, startProcess, type Duty, type FleetPlace } from "./fleet-process.ts";
import type { Release } from "./release/release.ts";

/** Machines are slow at times; what never comes is told all the same. */
export const PATIENCE_MS = 120_000;
const LOOK_MS = 50;

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
    return this.#keep(startProcess(release, duty, this.#place()));
  }

  cli(release: Release, words: readonly string[]): Spawned {
    return this.#keep(startCli(release, words, this.#place()));
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

  /** Waits until steps of so many plans wait. */
  async waiting(plans: number): Promise<void> {
    await until(`steps of ${plans} plans that wait`, PATIENCE_MS, async () => {
      await pause(LOOK_MS);
      const rows = await this.ask("select from planwright.steps where status = 'waiting'");
      return rows.length >= plans || null;
    });
  }

  /** Waits until every plan has ended. */
  async quiet(): Promise<void> {
    await until("the end of every plan", PATIENCE_MS, async () => {
      await pause(LOOK_MS);
      const [row] = await this.ask<{ open: string }>(
        "select count(*) as open from planwright.plans where ended_at is null",
      );
      return row?.open === "0" || null;
    });
  }

  /** What is wrong with the store, as a release sees it. */
  async check(release: Release): Promise<readonly string[]> {
    const checker = this.start(release, { role: "checker", name: "checker" });
    await checker.endsWith(0, PATIENCE_MS);
    return checker.lines;
  }

  /** The events of all plans, also where this release knows less than who wrote them. */
  async events(): Promise<readonly PlanEvent[]> {
    const rows = await this.ask<{ body: string }>(
      `select body from planwright.events join planwright.plans on plans.no = events.plan_no
       order by plans.created_at, plans.id, events.seq`,
    );
    return rows.map(({ body }): PlanEvent => JSON.parse(body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((one) => one[Symbol.asyncDispose]()));
    await this.#database[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #place(): FleetPlace {
    const { folder, witness } = this;
    return { folder, url: this.#database.url, witnessFolder: witness.folder };
  }

  #keep(spawned: Spawned): Spawned {
    this.#started.push(spawned);
    return spawned;
  }

  #endedBy(): ReadonlyMap<string, number> {
    const ended = new Map<string, number>();
    for (const { kind, life } of this.witness.read()) {
      if (kind === "end") ended.set(life, (ended.get(life) ?? 0) + 1);
    }
    return ended;
  }
}

/** Steps that were begun or ended more or less than once. */
export function notOnce(ledger: readonly LedgerLine[]): readonly string[] {
  const found: string[] = [];
  for (const [step, lines] of Map.groupBy(ledger, nameOfStep)) {
    const kinds = lines.map(({ kind }) => kind).join(", ");
    if (kinds !== "start, end") found.push(`${step}: ${kinds}`);
  }
  return found;
}

function nameOfStep({ planId, stepKey }: LedgerLine): string {
  return `${planId} ${stepKey}`;
}
