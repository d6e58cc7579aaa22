import process from "node:process";
import type { Pool, PoolClient } from "pg";
import type * as pgModule from "pg";
import { StoreFault } from "../store.ts";
import type { Driver, Scope, Session, Transaction, Value } from "./driver.ts";
import { PgBatch, type ParserOf } from "./pg-batch.ts";
import { toStoreFault } from "./to-store-fault.ts";

export interface PgDriverOptions {
  readonly url: string;
  /** Connections at most. */
  readonly size: number;
  /** What each connection begins with: role, schema, timeouts. */
  readonly preamble: string;
  /** Shown by the server beside each connection. */
  readonly applicationName: string;
}

const CONNECT_TIMEOUT_MS = 5000;
/** Above the server's own limit, for a connection that is silent because it is half open. */
const SILENCE_MAX_MS = 10_000;
const KEEPALIVE_MS = 10_000;

/** Connects through `pg`, which is asked for here because only a fleet needs it. */
export async function openPgDriver(options: PgDriverOptions): Promise<Driver> {
  const pg = await loadPg();
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: SILENCE_MAX_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    idleTimeoutMillis: 0,
    // Its types say that it returns nothing; it waits for a promise all the same.
    onConnect: (client): unknown => client.query(options.preamble),
  });
  // A connection that breaks is replaced by the next one that is wanted; who uses it hears of it by
  // the statement that fails. Without a listener it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new PgDriver(pool, parserFor(pg.types.getTypeParser));
}

type Pg = (typeof pgModule)["default"];

/** Loads the package, which is an optional peer. */
export async function loadPg(): Promise<Pg> {
  try {
    const { default: pg } = await import("pg");
    return pg;
  } catch (error) {
    const message = "a store on Postgres needs the package `pg`: npm install pg";
    throw new StoreFault("unsupported", message, { cause: error });
  }
}

const INT8 = 20;

/** Whole numbers are numbers here: milliseconds, counts and row numbers stay far below 2^53. */
function parserFor(inner: (type: number, format?: "text") => (text: string) => unknown): ParserOf {
  return (type) => (type === INT8 ? toNumber : inner(type, "text"));
}

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new StoreFault("corrupt", `${text} is larger than any number that this store writes`);
}

class PgDriver implements Driver {
  readonly #pool: Pool;
  readonly #parserOf: ParserOf;
  #isClosed = false;

  constructor(pool: Pool, parserOf: ParserOf) {
    this.#pool = pool;
    this.#parserOf = parserOf;
  }

  as(scope: Scope): Session {
    let next: PgBatch | null = null;
    const begin = (): PgBatch => {
      const batch = new PgBatch(this.#parserOf);
      enter(batch, scope);
      process.nextTick(() => {
        next = null;
        void this.#ask(batch);
      });
      return batch;
    };
    return {
      rows: async <Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> => {
        next ??= begin();
        return rowsOf<Row>(next, sql, values);
      },
    };
  }

  async transaction<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const result = await new PgTransaction(client, this.#parserOf).carryOut(scope, work);
      client.release();
      return result;
    } catch (error) {
      // Whatever state it is in, nobody else shall meet it.
      client.release(true);
      throw toStoreFault(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end();
  }

  /** Without BEGIN and COMMIT: up to their Sync, statements are one transaction. */
  async #ask(batch: PgBatch): Promise<void> {
    let client: PoolClient | null = null;
    try {
      client = await this.#connect();
      client.query(batch);
      await batch.answered;
      client.release();
    } catch (error) {
      batch.callback(error);
      client?.release(true);
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#isClosed) throw new StoreFault("closed", "the store has been closed");
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw toStoreFault(error);
    }
  }
}

class PgTransaction implements Transaction {
  readonly #client: PoolClient;
  readonly #parserOf: ParserOf;
  /** What has not gone out yet: with the next turn of the loop, or with COMMIT. */
  #next: PgBatch | null = null;
  #sent: Promise<void> = Promise.resolve();

  constructor(client: PoolClient, parserOf: ParserOf) {
    this.#client = client;
    this.#parserOf = parserOf;
  }

  async carryOut<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.send("begin");
    enter(this.#batch(), scope);
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      this.send("rollback");
      await this.#flush();
      throw error;
    }
    const committed = this.#batch().send("commit", []);
    await this.#flush();
    if (committed.tag !== "COMMIT") {
      throw new StoreFault("failed", "the transaction was rolled back");
    }
    return result;
  }

  rows<Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    const rows = rowsOf<Row>(this.#batch(), sql, values);
    // Where it fails the transaction does, and says so.
    rows.catch(() => undefined);
    return rows;
  }

  send(sql: string, ...values: readonly Value[]): void {
    this.#batch().send(sql, values);
  }

  #batch(): PgBatch {
    if (this.#next !== null) return this.#next;
    this.#next = new PgBatch(this.#parserOf);
    // Whoever waits for a row of it is told, and `carryOut` in any case.
    process.nextTick(() => this.#flush().catch(() => undefined));
    return this.#next;
  }

  /** Rejects with the first failure, which is the reason of those after it. */
  #flush(): Promise<void> {
    const batch = this.#next;
    this.#next = null;
    if (batch !== null) this.#sent = this.#sendAfter(this.#sent, batch);
    return this.#sent;
  }

  async #sendAfter(before: Promise<void>, batch: PgBatch): Promise<void> {
    try {
      await before;
      this.#client.query(batch);
      await batch.answered;
    } catch (error) {
      batch.callback(error);
      throw error;
    }
  }
}

function enter(batch: PgBatch, scope: Scope): void {
  if (scope === "fleet") batch.send("select set_config('app.scope', 'fleet', true)", []);
  else batch.send("select set_config('app.tenant', $1, true)", [String(scope.tenantNo)]);
}

async function rowsOf<Row>(
  batch: PgBatch,
  sql: string,
  values: readonly Value[],
): Promise<readonly Row[]> {
  const { rows } = batch.ask(sql, values);
  await batch.answered;
  return rows as readonly Row[];
}
