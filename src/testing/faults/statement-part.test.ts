import { expect, test } from "vitest";
import { partOf } from "./statement-part.ts";

test.each([
  "COMMIT",
  " commit ;",
  "END",
  "commit work",
  "commit and no chain",
  "insert into t values (1); commit",
])("%j commits", (statement) => {
  expect(partOf(statement, {}).commits).toBe(true);
});

test.each([
  "begin",
  "commit prepared 'x'",
  "select case when a then b end",
  "rollback",
  "select 'commit'",
])("%j does not commit", (statement) => {
  expect(partOf(statement, {}).commits).toBe(false);
});

test("a transaction begins with BEGIN or START TRANSACTION, and with no word like them", () => {
  const begins = (statement: string) => partOf(statement, {}).begins;
  expect(["BEGIN", "begin isolation level serializable", "start transaction"].map(begins)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["beginning", "select 1", "commit"].map(begins)).toEqual([false, false, false]);
});

test("what commits and what writes can be said; without a word everything writes", () => {
  const isInsert = (statement: string) => statement.startsWith("insert");
  expect(partOf("insert into t", { isCommit: isInsert })).toMatchObject({ commits: true });
  expect(partOf("commit", { isCommit: isInsert })).toMatchObject({ commits: false });
  expect(partOf("select 1", { isWrite: isInsert })).toMatchObject({ writes: false });
  expect(partOf("select 1", {})).toMatchObject({ writes: true });
});
