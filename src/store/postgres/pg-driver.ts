import type { Pool, PoolClient, QueryResultRow } from "pg";
import type * as pgModule from "pg";
import { StoreFault } from "../store.ts";
import type { Driver, Scope, Session, Transaction, Value } from "./driver.ts";
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
  const types = { getTypeParser: parserFor(pg.types.getTypeParser) };
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: SILENCE_MAX_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    idleTimeoutMillis: 0,
    pipeline: true,
    types,
    // Its types say that it returns nothing; it waits for a promise all the same.
    onConnect: (client): unknown => client.query(options.preamble),
  });
  // A connection that breaks is replaced by the next one that is wanted; who uses it hears of it by
  // the statement that fails. Without a listener it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new PgDriver(pool);
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
function parserFor(
  inner: (type: number, format?: "text") => (text: string) => unknown,
): (type: number) => (text: string) => unknown {
  return (type) => (type === INT8 ? toNumber : inner(type, "text"));
}

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new StoreFault("corrupt", `${text} is larger than any number that this store writes`);
}

class PgDriver implements Driver {
  readonly #pool: Pool;
  #isClosed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  as(scope: Scope): Session {
    return {
      rows: async <Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> => {
        const { rows } = await this.transaction(scope, async (transaction) => ({
          rows: transaction.rows<Row>(sql, ...values),
        }));
        return rows;
      },
    };
  }

  async transaction<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const transaction = new PgTransaction(client);
    try {
      transaction.begin(scope);
      const result = await transaction.end(work);
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
  readonly #outstanding: Promise<unknown>[] = [];

  constructor(client: PoolClient) {
    this.#client = client;
  }

  begin(scope: Scope): void {
    this.send("begin");
    if (scope === "fleet") this.send("select set_config('app.scope', 'fleet', true)");
    else this.send("select set_config('app.tenant', $1, true)", String(scope.tenantNo));
  }

  rows<Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    const rows = this.#query<Row>(sql, values).then((result) => result.rows);
    this.#outstanding.push(rows);
    return rows;
  }

  send(sql: string, ...values: readonly Value[]): void {
    this.#outstanding.push(this.#query(sql, values));
  }

  async end<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      this.send("rollback");
      await this.#settle();
      throw error;
    }
    const committed = this.#query("commit", []);
    this.#outstanding.push(committed);
    await this.#settle();
    const { command } = await committed;
    if (command !== "COMMIT") throw new StoreFault("failed", "the transaction was rolled back");
    return result;
  }

  /** Waits for everything; the first failure is the reason of those after it. */
  async #settle(): Promise<void> {
    const settled = await Promise.allSettled(this.#outstanding);
    for (const one of settled) if (one.status === "rejected") throw one.reason;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the shape of a row is known where its SQL stands
  async #query<Row>(
    sql: string,
    values: readonly Value[],
  ): Promise<{ readonly command: string; readonly rows: readonly Row[] }> {
    const query = { name: nameOf(sql), text: sql, values: [...values] };
    const { command, rows } = await this.#client.query<QueryResultRow>(query);
    return { command, rows: rows as unknown as readonly Row[] };
  }
}

const names = new Map<string, string>();

/** Each text is one prepared statement; there are as many as this store has texts. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) names.set(sql, (name = `planwright_${names.size + 1}`));
  return name;
}
