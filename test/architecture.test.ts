import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findFaults } from "./architecture.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = globSync("src/**/*.ts", { cwd: root }).map((path) => path.replaceAll("\\", "/"));

describe("the floors", () => {
  test("imports only go down, and nothing that is banned stands in src", () => {
    const faults = files.flatMap((path) =>
      findFaults(path, readFileSync(`${root}/${path}`, "utf8")).map(
        ({ line, what }) => `${path}:${line} ${what}`,
      ),
    );
    expect(faults).toEqual([]);
  });

  test("the test sees the sources", () => {
    expect(files.filter((path) => path.startsWith("src/core/")).length).toBeGreaterThan(0);
  });
});

describe("what the test finds", () => {
  test.each<[string, string, string]>([
    [
      "src/core/plan/decide.ts",
      'import { a } from "../../store/store.ts";',
      "imports only go down",
    ],
    [
      "src/core/plan/decide.ts",
      'import type { a } from "../../format/read.ts";',
      "imports only go down",
    ],
    ["src/core/plan/decide.ts", 'import { hash } from "node:crypto";', "core may not import"],
    ["src/core/plan/decide.ts", 'import { z } from "zod";', "core may not import"],
    ["src/core/id.ts", 'export * from "../engine/clock.ts";', "imports only go down"],
    [
      "src/core/id.ts",
      'import {\n  a,\n  b,\n} from "../engine/clock.ts";',
      "imports only go down",
    ],
    ["src/core/id.ts", 'type A = import("../engine/clock.ts").Clock;', "imports only go down"],
    ["src/core/id.ts", 'import "../engine/clock.ts";', "imports only go down"],
    ["src/core/id.test.ts", 'import { a } from "../engine/clock.ts";', "imports only go down"],
    ["src/format/read.ts", 'import { readFileSync } from "node:fs";', "format may not import"],
    ["src/format/read.ts", 'import { a } from "../store/store.ts";', "imports only go down"],
    ["src/executor/command.ts", 'import { a } from "../agent/agent.ts";', "imports only go down"],
    ["src/store/store.ts", 'import { a } from "../testing/clock.ts";', "only tests import"],
    ["src/store/store.ts", 'import { a } from "../../test/a.ts";', "outside src"],
    [
      "src/engine/worker.ts",
      'import { DatabaseSync } from "node:sqlite";',
      "src/store/sqlite/ only",
    ],
    ["src/engine/worker.ts", 'import { a } from "planwright";', "has no name"],
    ["src/engine/worker.ts", 'import { a } from "fs";', "write node:fs"],
    ["src/drawer/a.ts", 'import { a } from "../core/id.ts";', "no floor"],
    ["src/engine/worker.ts", 'const f = new Function("return 1");', "text becomes code"],
    ["src/engine/worker.ts", 'const f = Function("return 1");', "text becomes code"],
    ["src/engine/worker.ts", "eval(plan);", "text becomes code"],
    ["src/engine/worker.ts", 'import vm from "node:vm";', "text becomes code"],
    ["src/engine/worker.ts", "await import(step.module);", "dynamic import"],
    ["src/engine/worker.ts", "await import(`./${step}.ts`);", "dynamic import"],
    ["src/engine/worker.ts", 'const fs = require("fs");', "require"],
    ["src/store/sqlite/a.ts", "db.prepare(`select * from ${table}`);", "SQL with interpolation"],
    ["src/store/sqlite/a.ts", "db.exec(\n  `drop table ${table}`,\n);", "SQL with interpolation"],
    ["src/store/sqlite/a.ts", 'db.prepare("select " + columns);', "SQL by concatenation"],
    [
      "src/store/sqlite/a.ts",
      "const sql = `select ${columns} from plans`;",
      "SQL with interpolation",
    ],
    ["src/store/sqlite/a.ts", 'copyFileSync("plans.db", target);', "drops SQLite's locks"],
    [
      "src/store/sqlite/a.ts",
      'await readFile(join(folder, "plans.db-wal"));',
      "drops SQLite's locks",
    ],
    ["src/store/sqlite/a.ts", "const a = { ...JSON.parse(text) };", "__proto__"],
  ])("%s: %s", (path, text, what) => {
    expect(
      findFaults(path, text)
        .map((fault) => fault.what)
        .join("\n"),
    ).toContain(what);
  });

  test.each<[string, string]>([
    ["src/core/plan/decide.ts", 'import { a } from "../id.ts";\nimport { b } from "./plan.ts";'],
    [
      "src/core/id.test.ts",
      'import { test } from "vitest";\nimport { a } from "../testing/given.ts";',
    ],
    ["src/core/id.ts", "// unlike eval(text), this never becomes code\n/* new Function */"],
    [
      "src/core/id.ts",
      'const url = "https://example.org"; export const evaluate = (a: string) => a;',
    ],
    ["src/format/read.ts", 'import { parse } from "yaml";\nimport { a } from "../core/id.ts";'],
    ["src/store/sqlite/a.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["src/store/sqlite/a.ts", 'db.prepare("select 1 from plans where id = ?");'],
    ["src/store/sqlite/a.ts", "throw new Error(`reading plan ${id} failed`);"],
    ["src/agent/model.ts", 'const { generateText } = await import("ai");'],
    ["src/cli/main.ts", 'import { createPlanwright } from "../index.ts";'],
    ["src/index.ts", 'export { createPlanwright } from "./cli/create-planwright.ts";'],
    [
      "src/testing/index.ts",
      'import { a } from "../engine/clock.ts";\nimport { test } from "vitest";',
    ],
  ])("%s may: %s", (path, text) => {
    expect(findFaults(path, text)).toEqual([]);
  });

  test("a fault names its line", () => {
    const text = '// first\nimport { a } from "./a.ts";\nimport { b } from "../engine/b.ts";\n';
    expect(findFaults("src/core/id.ts", text)).toEqual([
      { line: 3, what: "core may not import src/engine/b.ts: imports only go down" },
    ]);
  });
});
