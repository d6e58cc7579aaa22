import { openDriver, type Driver, type OpenDriver } from "../store/sqlite/driver.ts";
import { StoreFault } from "../store/store.ts";
import type { Chance } from "./chance.ts";

export type DriverFault =
  /** The lock is not to be had. */
  | "not begun"
  /** Everything was written, and then nothing was. */
  | "rolled back"
  /** Everything was committed, and the answer says that it was not. */
  | "answer lost";

export interface FaultyDriverOptions {
  /** How many of the transactions fail, 0 to 1; asked at each. */
  readonly rate: () => number;
  readonly chance: Chance;
  readonly onFault?: (kind: DriverFault) => void;
}

/** The driver of SQLite, whose transactions fail as a whole now and then. */
export function createFaultyDriver(options: FaultyDriverOptions): OpenDriver {
  let transactions = 0;
  const draw = (): DriverFault | null => {
    transactions += 1;
    const { chance, rate } = options;
    if (!chance.happens(rate(), "fails", transactions)) return null;
    const kind = chance.pick(["not begun", "rolled back", "answer lost"], "kind", transactions);
    options.onFault?.(kind);
    return kind;
  };
  return (opening) => withFaults(openDriver(opening), draw);
}

function withFaults(driver: Driver, draw: () => DriverFault | null): Driver {
  return {
    exec: (script) => driver.exec(script),
    run: (sql, ...values) => driver.run(sql, ...values),
    find: (sql, ...values) => driver.find(sql, ...values),
    all: (sql, ...values) => driver.all(sql, ...values),
    transaction: (work) => {
      const fault = draw();
      if (fault === "not begun") throw failed(fault);
      const result = driver.transaction(() => {
        const done = work();
        if (fault === "rolled back") throw failed(fault);
        return done;
      });
      if (fault === "answer lost") throw failed(fault);
      return result;
    },
    rehearsal: (work) => driver.rehearsal(work),
    snapshot: (work) => driver.snapshot(work),
    close: () => driver.close(),
  };
}

function failed(kind: DriverFault): StoreFault {
  return new StoreFault("failed", `the transaction was ${kind}`, { retryable: true });
}
