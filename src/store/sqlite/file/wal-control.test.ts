import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDriver, type Driver } from "../driver.ts";
import { openReading, openWriter } from "../open-connection.ts";
import { extendWal } from "./extend-wal.ts";
import { WalControl } from "./wal-control.ts";

const MB = 1024 * 1024;

let folder: string;
let writer: Driver;
let reader: Driver;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-wal-"));
  const path = join(folder, "test.db");
  writer = openWriter(openDriver, path);
  writer.exec("create table notes (id integer primary key, text text not null) strict");
  reader = openReading(openDriver, path);
});

afterEach(() => {
  reader.close();
  writer.close();
  rmSync(folder, { recursive: true });
});

function writeMegabytes(count: number): void {
  for (let index = 0; index < count; index += 1) {
    writer.run("insert into notes (text) values (?)", "x".repeat(MB));
  }
}

function walBytes(): number {
  return (writer.find<{ log: number }>("pragma wal_checkpoint(noop)")?.log ?? 0) * 4096;
}

describe("the write-ahead log", () => {
  test("S13: that a reader holds on to is complained of, without waiting for it", () => {
    const control = new WalControl(writer, MB);
    reader.exec("begin; select count(*) from notes");
    writeMegabytes(3);
    control.look();
    expect(control.complaint).toMatch(/the write-ahead log is \d+ MB long, and a reader keeps it/);
    expect(writer.find("pragma busy_timeout")).toEqual({ timeout: 5000 });
    reader.exec("commit");
    control.look();
    expect(control.complaint).toBeNull();
  });

  test("S13: is cut when it has grown long and nobody reads", () => {
    const control = new WalControl(writer, MB);
    writeMegabytes(3);
    for (let wave = 0; wave < 256; wave += 1) control.afterWave();
    expect(control.complaint).toBeNull();
    expect(walBytes()).toBeLessThan(MB);
  });

  test("that cannot be cut is no reason for a commit to fail", () => {
    const path = join(folder, "closed.db");
    const driver = openWriter(openDriver, path);
    driver.close();
    const control = new WalControl(driver);
    control.look();
    expect(control.complaint).toMatch(/cannot be cut/);
  });

  test("that is made long beforehand holds nothing, and leaves no table", () => {
    extendWal(writer);
    expect(writer.find("select name from sqlite_schema where name = 'extension'")).toBeUndefined();
    expect(writer.find("pragma cache_size")).toEqual({ cache_size: -2000 });
    writer.run("insert into notes (text) values ('after')");
    expect(reader.find("select text from notes order by id")).toEqual({ text: "after" });
    expect(writer.find("pragma integrity_check")).toEqual({ integrity_check: "ok" });
  });

  test("is not made long where there is no room for it, and nothing else suffers", () => {
    writer.find("pragma max_page_count = 10");
    extendWal(writer);
    writer.find("pragma max_page_count = 100000");
    writer.run("insert into notes (text) values ('after')");
    expect(writer.find("select count(*) as count from notes")).toEqual({ count: 1 });
  });
});
