import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import { startTcpProxy, type TcpProxy } from "../../src/testing/faults/tcp-proxy.ts";
import { connected } from "../postgres/connected.ts";
import type { TestDatabase } from "../postgres/create-database-on.ts";
import type { PostgresServer } from "../postgres/postgres-server.ts";
import { startServer } from "../postgres/start-server.ts";
import { Witness } from "../torture/witness/witness.ts";

/** From when to when the server was not there, in milliseconds since 1970. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/** Commits without events are not worth cutting: nobody waits for them. */
function isOfLog(statement: string): boolean {
  return statement.startsWith("insert into events");
}

const ASK_AGAIN_MS = 50;
const PATIENCE_MS = 60_000;

/**
 * What a fleet stands on: a durable server of its own, a proxy before it that does to connections
 * what networks do, a witness and a folder for everybody's books.
 */
export class Ground implements AsyncDisposable {
  readonly folder: string;
  readonly witness: Witness;
  readonly server: PostgresServer;
  readonly proxy: TcpProxy;
  readonly #database: TestDatabase;
  readonly #outages: Outage[] = [];
  #keepsFolder = false;

  private constructor(server: PostgresServer, proxy: TcpProxy, database: TestDatabase) {
    this.server = server;
    this.proxy = proxy;
    this.#database = database;
    this.folder = mkdtempSync(join(tmpdir(), "planwright-fleet-"));
    this.witness = new Witness(join(this.folder, "witness"));
    mkdirSync(this.books);
  }

  static async prepare(): Promise<Ground> {
    // When a commit became true, by the server's own word.
    const settings = { track_commit_timestamp: "on" };
    const server = await startServer({ durable: true, settings });
    const proxy = await startTcpProxy({ port: server.port, isWrite: isOfLog });
    return new Ground(server, proxy, await server.createDatabase());
  }

  /** Where everybody writes down what they were told. */
  get books(): string {
    return join(this.folder, "books");
  }

  get url(): string {
    return this.#database.url;
  }

  /** The same database, by way of the proxy. */
  get proxiedUrl(): string {
    return this.proxy.route(this.url);
  }

  get databaseName(): string {
    return this.#database.name;
  }

  get outages(): readonly Outage[] {
    return this.#outages;
  }

  /** Stops the server as a crash would, and starts it again after a while. */
  async interrupt(downMs: number): Promise<void> {
    const from = Date.now();
    await this.server.stop("immediate");
    await pause(downMs);
    await this.server.start();
    this.#outages.push({ from, until: Date.now() });
  }

  /** Asks as the superuser, beside everybody; waits for a server that is away. */
  async ask<Row extends QueryResultRow>(
    sql: string,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await connected(this.url, async (client) => {
          // Its connection may be ended under it.
          client.on("error", () => undefined);
          return (await client.query<Row>(sql, [...values])).rows;
        });
      } catch (error) {
        // A statement that is wrong does not become right.
        const isWrong = String(Reflect.get(Object(error), "code")).startsWith("42");
        if (isWrong || performance.now() > deadline) throw error;
        await pause(ASK_AGAIN_MS);
      }
    }
  }

  /** Writes something down, to be looked at where something was wrong. */
  keep(name: string, what: unknown): void {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(what));
  }

  /** What lies in the folder is to be looked at. */
  keepFolder(): void {
    this.#keepsFolder = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.witness.endLiving();
    await this.proxy[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    if (!this.#keepsFolder) rmSync(this.folder, { recursive: true, force: true });
  }
}
