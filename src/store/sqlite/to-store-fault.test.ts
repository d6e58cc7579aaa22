import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDriver } from "./driver.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-fault-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Files as a process leaves them that is killed before the database has its write-ahead log. */
function makeHalfWritten(path: string): void {
  const whole = join(folder, "whole.db");
  const database = new DatabaseSync(whole);
  database.exec("pragma cache_size = 1; create table notes (text text) strict");
  database.exec("begin; insert into notes values (hex(zeroblob(100000)))");
  for (const end of ["", "-journal"]) copyFileSync(`${whole}${end}`, `${path}${end}`);
  database.close();
}

test("a database that was left half written says what sets it right, and that does", () => {
  const path = join(folder, "half.db");
  makeHalfWritten(path);
  const reader = openDriver({ path, readOnly: true });
  expect(() => reader.find("select count(*) from notes")).toThrow(
    expect.objectContaining({
      code: "unreachable",
      message: expect.stringContaining("the next command that writes sets it right"),
    }),
  );
  reader.close();
  const writer = openDriver({ path, readOnly: false });
  expect(writer.find("select count(*) as count from notes")).toEqual({ count: 0 });
  writer.close();
});
