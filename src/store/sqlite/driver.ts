import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { toStoreFault } from "./to-store-fault.ts";

/** What can be bound to a parameter. */
export type Value = null | number | string | Uint8Array;

/**
 * The seam between the store and its database: where a second driver, a writer thread or a
 * simulated disk would come in. Everything is synchronous and throws a `StoreFault`.
 */
export interface Driver {
  /** A script without parameters. */
  exec(script: string): void;
  /** How many rows it changed. */
  run(sql: string, ...values: Value[]): number;
  /** The first row, as the caller maps it. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the shape of a row is known where its SQL stands
  find<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /** `BEGIN IMMEDIATE` … `COMMIT`; all or nothing. */
  transaction<T>(work: () => T): T;
  /** The same, but nothing of it stays. */
  rehearsal(work: () => void): void;
  /** One snapshot for several reads. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

export interface DriverOptions {
  readonly path: string;
  readonly readOnly: boolean;
}

export type OpenDriver = (options: DriverOptions) => Driver;

/** How long a connection waits for a lock; the default of `node:sqlite` is not at all. */
const BUSY_TIMEOUT_MS = 5000;

/** `node:sqlite`, with statements prepared once. */
export const openDriver: OpenDriver = ({ path, readOnly }) => new NodeDriver(path, readOnly);

class NodeDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, readOnly: boolean) {
    this.#database = attempt(
      () => new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS, defensive: true }),
    );
  }

  exec(script: string): void {
    attempt(() => this.#database.exec(script));
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    try {
      return Number(this.#statement(sql).run(...values).changes);
    } catch (error) {
      throw toStoreFault(error);
    }
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the shape of a row is known where its SQL stands
  find<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#statement(sql).get(...values) as Row | undefined;
    } catch (error) {
      throw toStoreFault(error);
    }
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    try {
      return this.#statement(sql).all(...values) as Row[];
    } catch (error) {
      throw toStoreFault(error);
    }
  }

  transaction<T>(work: () => T): T {
    return this.#between("begin immediate", work, "commit");
  }

  rehearsal(work: () => void): void {
    this.#between("begin immediate", work, "rollback");
  }

  snapshot<T>(work: () => T): T {
    return this.#between("begin deferred", work, "commit");
  }

  close(): void {
    this.#statements.clear();
    attempt(() => this.#database.close());
  }

  #between<T>(begin: string, work: () => T, end: string): T {
    if (this.#database.isTransaction) throw new Error("a transaction is under way already");
    this.run(begin);
    try {
      const result = work();
      if (isPromise(result)) {
        throw new TypeError("a transaction must be synchronous: other statements would join it");
      }
      this.run(end);
      return result;
    } catch (error) {
      // A full disk has rolled back already, and a second rollback would hide the cause.
      if (this.#database.isTransaction) this.run("rollback");
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreFault(error);
  }
}

function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}
