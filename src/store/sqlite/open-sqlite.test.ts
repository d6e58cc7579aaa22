import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { storeContract } from "../../testing/store-contract.ts";
import { openSqlite } from "./open-sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "planwright-contract-"));
let stores = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

storeContract({
  name: "the store on SQLite",
  describe,
  test,
  open: (options) => {
    stores += 1;
    const path = join(folder, String(stores), "planwright.db");
    return openSqlite({ ...options, path, extendWal: false, ballastBytes: 0 });
  },
});

storeContract({
  name: "the store on SQLite in memory",
  describe,
  test,
  open: (options) => openSqlite({ ...options, path: ":memory:" }),
});
