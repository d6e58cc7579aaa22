import type { Connection, FieldDef, Submittable } from "pg";
import type { Value } from "./driver.ts";
import { toParameter } from "./to-parameter.ts";
import { toStoreFault } from "./to-store-fault.ts";

/** How the text of a column becomes a value, by the number of the column's type. */
export type ParserOf = (type: number) => (text: string) => unknown;

/** What came of a statement, once its batch has been answered. */
export interface Answered {
  readonly rows: readonly unknown[];
  /** What the server says that it has done, such as `COMMIT`. */
  readonly tag: string;
}

/**
 * Statements that go out in one write and are answered together: one Sync ends them all. Where one
 * fails, the server skips those after it. A Sync for each, as `pg` pipelines, costs both sides a
 * system call a statement: 0.5 instead of 0.36 ms of this process for a step of a chain
 * (`npm run bench -- --store postgres chain`).
 */
export class PgBatch implements Submittable {
  /** Rejects with the first failure, as a `StoreFault`. */
  readonly answered: Promise<void>;
  /** Told once how it ended; `pg` puts its own timeout before it. */
  callback: (error?: unknown) => void;
  readonly #parserOf: ParserOf;
  readonly #statements: Statement[] = [];
  #known: Map<string, Prepared> = new Map();
  /** Which of them the server is at. */
  #turn = 0;
  /** Why a row could not be read. */
  #unreadable: unknown = null;

  constructor(parserOf: ParserOf) {
    this.#parserOf = parserOf;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.answered = promise;
    // Somebody else waits for it, too, or for a statement of it.
    promise.catch(() => undefined);
    this.callback = (error) => {
      if (error === undefined || error === null) resolve();
      else reject(toStoreFault(error));
    };
  }

  /** Its rows are there once the batch has been answered. */
  ask(sql: string, values: readonly Value[]): Answered {
    return this.#add(sql, values, true);
  }

  /** Where no row is wanted. */
  send(sql: string, values: readonly Value[]): Answered {
    return this.#add(sql, values, false);
  }

  submit(connection: Connection): void {
    this.#known = preparedOn(connection);
    connection.stream.cork();
    try {
      for (const statement of this.#statements) this.#submit(connection, statement);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    const prepared = this.#prepared();
    if (prepared === undefined) return;
    prepared.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#parserOf(dataTypeID),
    }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.#prepared()?.columns ?? [];
    try {
      this.#statements[this.#turn]?.rows.push(toRow(columns, fields));
    } catch (error) {
      // Thrown here, it would be nobody's.
      this.#unreadable ??= error;
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const statement = this.#statements[this.#turn];
    if (statement !== undefined) statement.tag = text;
    this.#turn += 1;
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(this.#unreadable);
  }

  #add(sql: string, values: readonly Value[], wantsRows: boolean): Answered {
    const statement = { sql, values, wantsRows, rows: [], tag: "" };
    this.#statements.push(statement);
    return statement;
  }

  #submit(connection: Connection, { sql, values, wantsRows }: Statement): void {
    let prepared = this.#known.get(sql);
    if (prepared === undefined) {
      prepared = { name: `planwright_${this.#known.size + 1}`, columns: null };
      this.#known.set(sql, prepared);
      connection.parse({ name: prepared.name, text: sql, types: [] }, true);
    }
    connection.bind({ statement: prepared.name, values: values.map(toParameter) }, true);
    if (wantsRows && prepared.columns === null) connection.describe({ type: "P" }, true);
    connection.execute(null, true);
  }

  #prepared(): Prepared | undefined {
    return this.#known.get(this.#statements[this.#turn]?.sql ?? "");
  }
}

interface Statement extends Answered {
  readonly sql: string;
  readonly values: readonly Value[];
  readonly wantsRows: boolean;
  readonly rows: unknown[];
  tag: string;
}

/** A text that a connection knows by a name: there are as many as this store has texts. */
interface Prepared {
  readonly name: string;
  /** Null until it has been described, which once is enough for. */
  columns: readonly Column[] | null;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

const known = new WeakMap<Connection, Map<string, Prepared>>();

function preparedOn(connection: Connection): Map<string, Prepared> {
  let prepared = known.get(connection);
  if (prepared === undefined) known.set(connection, (prepared = new Map()));
  return prepared;
}

function toRow(columns: readonly Column[], fields: readonly (string | null)[]): unknown {
  const row: Record<string, unknown> = {};
  for (const [index, { name, parse }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = text === null ? null : parse(text);
  }
  return row;
}
