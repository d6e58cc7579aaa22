import { expect, test } from "vitest";
import { isGivenBack, isOfAllTenants, LIMIT_KEY_FORMS, parseLimitKey } from "./limit-key.ts";

test("a key names a pool, a tenant, one of its capabilities, or its budget of attempts", () => {
  const keys = [
    "pool:gpu",
    "tenant",
    "owner:agent",
    "owner:tool:github.create_release",
    "budget:attempts",
  ];
  expect(keys.map(parseLimitKey)).toEqual(keys);
});

test("anything else is none", () => {
  const texts = [
    "",
    "pool",
    "pool:",
    "pool:a b",
    "pool:1st",
    "tenants",
    "tenant:acme",
    "owner:",
    "owner:tool:",
    "owner:human",
    "budget:tokens",
    "Pool:gpu",
  ];
  expect(texts.map(parseLimitKey)).toEqual(texts.map(() => null));
  expect(LIMIT_KEY_FORMS).toContain("pool:NAME");
});

test("pools are of all tenants, and budgets are not given back", () => {
  const keys = ["pool:gpu", "tenant", "owner:agent", "budget:attempts"] as const;
  expect(keys.map(isOfAllTenants)).toEqual([true, false, false, false]);
  expect(keys.map(isGivenBack)).toEqual([true, true, true, false]);
});
