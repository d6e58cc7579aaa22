import { StoreFault } from "../../store.ts";
import type { Driver } from "../driver.ts";

/**
 * Makes the write-ahead log as long as it gets between two checkpoints, by a transaction that
 * spills into it and is rolled back. Appending to a file costs an update of its size with every
 * fsync, overwriting does not: the first 1,500 commits after a start take 0.76 of their time
 * (bench/RESULTS.md), for about 10 ms at the start.
 */
export function extendWal(driver: Driver): void {
  driver.exec("pragma cache_size = 16");
  try {
    driver.rehearsal(() => {
      driver.exec("create table extension (filling blob)");
      for (let megabyte = 0; megabyte < 4; megabyte += 1) {
        driver.exec("insert into extension (filling) values (zeroblob(1048576))");
      }
    });
  } catch (error) {
    // Where there is no room the store opens all the same, to be read.
    if (!StoreFault.is(error) || error.code !== "full") throw error;
  } finally {
    driver.exec("pragma cache_size = -2000");
  }
}
