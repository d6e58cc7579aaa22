import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDriver, type Driver } from "./driver.ts";

let folder: string;
let path: string;
let driver: Driver;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-driver-"));
  path = join(folder, "test.db");
  driver = openDriver({ path, readOnly: false });
  driver.exec("create table notes (id integer primary key, text text not null) strict");
});

afterEach(() => {
  driver.close();
  rmSync(folder, { recursive: true });
});

function count(): number {
  return driver.find<{ count: number }>("select count(*) as count from notes")?.count ?? -1;
}

describe("the driver", () => {
  test("S3: waits for a lock, where node:sqlite would not", () => {
    expect(driver.find("pragma busy_timeout")).toEqual({ timeout: 5000 });
  });

  test("S4: a transaction holds the right to write from its beginning", () => {
    const other = new DatabaseSync(path, { timeout: 0 });
    driver.transaction(() => {
      expect(() => other.exec("begin immediate")).toThrow("locked");
    });
    other.exec("begin immediate; rollback");
    other.close();
  });

  test("S6: a transaction that would wait is refused and leaves nothing", () => {
    expect(() =>
      driver.transaction(async () => {
        driver.run("insert into notes (text) values (?)", "half");
      }),
    ).toThrow("must be synchronous");
    expect(count()).toBe(0);
  });

  test("S6: a transaction cannot be begun within another", () => {
    expect(() => driver.transaction(() => driver.snapshot(count))).toThrow("under way already");
  });

  test("a transaction that throws leaves nothing, and passes on why", () => {
    expect(() =>
      driver.transaction(() => {
        driver.run("insert into notes (text) values (?)", "half");
        throw new RangeError("why");
      }),
    ).toThrow(new RangeError("why"));
    expect(count()).toBe(0);
  });

  test("a rehearsal leaves nothing", () => {
    driver.rehearsal(() => {
      driver.run("insert into notes (text) values (?)", "tried");
      expect(count()).toBe(1);
    });
    expect(count()).toBe(0);
  });

  test("S12: a full disk has rolled back by itself, and its cause is not hidden", () => {
    const { page_count } = driver.find<{ page_count: number }>("pragma page_count") ?? {
      page_count: 0,
    };
    driver.find(`pragma max_page_count = ${page_count}`);
    const overflowing = (): void =>
      driver.transaction(() => {
        for (let index = 0; index < 100; index += 1) {
          driver.run("insert into notes (text) values (?)", "x".repeat(4000));
        }
      });
    expect(overflowing).toThrow(expect.objectContaining({ code: "full", retryable: true }));
    expect(count()).toBe(0);
    driver.find("pragma max_page_count = 1000000");
    expect(overflowing).not.toThrow();
    expect(count()).toBe(100);
  });

  test("S14: integers that JavaScript cannot hold are a fault, never another number", () => {
    expect(() => driver.find("select 9007199254740993 as big")).toThrow("too large");
  });

  test("a statement that is wrong is a fault that is not retried", () => {
    expect(() => driver.run("no sql")).toThrow(
      expect.objectContaining({ code: "failed", retryable: false }),
    );
  });

  test("after closing everything is refused as closed", () => {
    const other = openDriver({ path, readOnly: true });
    other.close();
    expect(() => other.all("select * from notes order by id")).toThrow(
      expect.objectContaining({ code: "closed" }),
    );
  });
});
