import {
  openDriver,
  type Driver,
  type OpenDriver,
  type Value,
} from "../src/store/sqlite/driver.ts";

/** The writes of one transaction, in order. */
export type RecordedTransaction = readonly RecordedWrite[];

interface RecordedWrite {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** A recording of everything that a store wrote through its driver. */
export interface Recording {
  readonly open: OpenDriver;
  readonly transactions: readonly RecordedTransaction[];
}

/** A driver that remembers what is written through it, so that it can be written again. */
export function createRecording(): Recording {
  const transactions: RecordedTransaction[] = [];
  return { open: (options) => recorded(openDriver(options), transactions), transactions };
}

function recorded(driver: Driver, transactions: RecordedTransaction[]): Driver {
  let current: RecordedWrite[] = [];
  return {
    exec: (script) => driver.exec(script),
    run: (sql, ...values) => {
      current.push({ sql, values });
      return driver.run(sql, ...values);
    },
    find: (sql, ...values) => driver.find(sql, ...values),
    all: (sql, ...values) => driver.all(sql, ...values),
    transaction: (work) => {
      current = [];
      const result = driver.transaction(work);
      if (current.length > 0) transactions.push(current);
      return result;
    },
    rehearsal: (work) => driver.rehearsal(work),
    snapshot: (work) => driver.snapshot(work),
    close: () => driver.close(),
  };
}

/** Writes it all again, transaction by transaction: the same rows without anybody who decides on them. */
export function replay(driver: Driver, transactions: readonly RecordedTransaction[]): void {
  for (const writes of transactions) {
    driver.transaction(() => {
      for (const { sql, values } of writes) driver.run(sql, ...values);
    });
  }
}
