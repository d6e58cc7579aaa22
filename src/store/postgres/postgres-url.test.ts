import { expect, test } from "vitest";
import { isPostgresUrl, parsePostgresUrl, withoutSecrets } from "./postgres-url.ts";

test("an address of a server is told from a file", () => {
  expect(isPostgresUrl("postgres://localhost/plans")).toBe(true);
  expect(isPostgresUrl("postgresql://localhost/plans")).toBe(true);
  expect(isPostgresUrl("postgres.db")).toBe(false);
  expect(isPostgresUrl("./postgres:/plans.db")).toBe(false);
});

test("what no connection can be made of is no address", () => {
  expect(parsePostgresUrl("postgres:plans")).toBeNull();
  expect(parsePostgresUrl("postgres://user:pass word@[/plans")).toBeNull();
  expect(parsePostgresUrl("http://localhost/plans")).toBeNull();
  expect(parsePostgresUrl("postgres://localhost/plans")?.pathname).toBe("/plans");
});

test.each([
  ["postgres://ann:s3cret@db.example:5433/plans", "postgres://ann@db.example:5433/plans"],
  [
    "postgres://ann@db/plans?password=s3cret&sslmode=require",
    "postgres://ann@db/plans?sslmode=require",
  ],
  ["postgresql://db/plans?user=ann&options=-c%20s3cret#s3cret", "postgresql://db/plans"],
  ["postgres://ann:s3cret@[broken", "postgres://"],
])("an address is shown without what is secret in it: %#", (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown);
  expect(withoutSecrets(url)).not.toContain("s3cret");
});
