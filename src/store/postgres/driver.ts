/** What can be bound to a parameter; a list goes to an array of the type that the statement says. */
export type Value =
  | null
  | number
  | string
  | boolean
  | readonly (number | null)[]
  | readonly (string | null)[]
  | readonly (boolean | null)[];

/**
 * Who a transaction acts as. Row-level security shows it the rows of that tenant and of no other;
 * `fleet` sees of all tenants what is due, who is at work and which steps run: numbers, names and
 * times, and nothing of what plans say.
 */
export type Scope = { readonly tenantNo: number } | "fleet";

/** Statements of one scope. Each is prepared once on each connection; faults are `StoreFault`s. */
export interface Session {
  rows<Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]>;
}

/** Statements of one transaction. What is not awaited goes out together, in order. */
export interface Transaction extends Session {
  /** Where no row is wanted: a failure is that of the transaction. */
  send(sql: string, ...values: readonly Value[]): void;
}

/** The seam between the store and its database. */
export interface Driver extends AsyncDisposable {
  /** Statements that each go out with a transaction of their own, in one round trip. */
  as(scope: Scope): Session;
  /**
   * One transaction: committed when `work` resolves, rolled back when it throws. `COMMIT` goes out
   * with what has not been awaited by then; it is answered when the database has.
   */
  transaction<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
