import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDriver, type Driver } from "./driver.ts";
import { checkSynchronous, checkVersion, openReading, openWriter } from "./open-connection.ts";

let folder: string;
let writer: Driver;
let reader: Driver;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-connection-"));
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

function pragma(driver: Driver, name: string): unknown {
  return Object.values(driver.find<Record<string, unknown>>(`pragma ${name}`) ?? {})[0];
}

describe("a connection", () => {
  test("S1: every connection syncs each commit, and says so", () => {
    expect(pragma(writer, "journal_mode")).toBe("wal");
    expect(pragma(writer, "synchronous")).toBe(2);
    expect(pragma(reader, "synchronous")).toBe(2);
  });

  test("S1: one that does not is refused", () => {
    writer.exec("pragma synchronous = normal");
    expect(() => checkSynchronous(writer)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("FULL") }),
    );
  });

  test("S2: an SQLite that may corrupt a write-ahead log is refused", () => {
    for (const version of ["3.51.2", "3.9.0", "2.99.99"]) {
      expect(() => checkVersion(version)).toThrow(expect.objectContaining({ code: "unsupported" }));
    }
    for (const version of ["3.51.3", "3.51.10", "3.53.4", "4.0.0"]) {
      expect(() => checkVersion(version)).not.toThrow();
    }
  });

  test("S2: only the writer moves the log into the database, and nobody maps it", () => {
    expect(pragma(writer, "wal_autocheckpoint")).toBe(1000);
    expect(pragma(reader, "wal_autocheckpoint")).toBe(0);
    expect(pragma(writer, "mmap_size")).toBe(0);
    expect(pragma(reader, "mmap_size")).toBe(0);
  });

  test("S3: every connection waits for a lock", () => {
    expect(pragma(writer, "busy_timeout")).toBe(5000);
    expect(pragma(reader, "busy_timeout")).toBe(5000);
  });

  test("S7: a connection for reading cannot write", () => {
    expect(() => reader.run("insert into notes (text) values ('x')")).toThrow(
      expect.objectContaining({ code: "read-only" }),
    );
  });

  test("S16: what stands in the file is not trusted, and cannot be bent from inside", () => {
    for (const driver of [writer, reader]) {
      expect(pragma(driver, "trusted_schema")).toBe(0);
      expect(pragma(driver, "cell_size_check")).toBe(1);
    }
    writer.exec("pragma writable_schema = 1");
    expect(() => writer.run("update sqlite_schema set sql = ''")).toThrow("may not be modified");
    expect(() => writer.find("select load_extension('x')")).toThrow("not authorized");
  });
});
