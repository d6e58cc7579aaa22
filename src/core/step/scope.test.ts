import { expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial } from "../trial.test-helper.ts";
import { scopeOf } from "./scope.ts";

const trial = new Trial(
  { a: { onFailure: "continue" }, b: { forEach: "[null, 7]" } },
  { pure: TEST_PURE, create: { inputs: { n: 1 } }, text: { objective: "Tell them" } },
);
trial.fail("a");

test("an expression sees the inputs, the plan and what has become of other steps", () => {
  const scope = scopeOf(trial.plan, "a");
  expect(scope).toMatchObject({
    inputs: { n: 1 },
    plan: { id: "pln_1", name: "A plan", objective: "Tell them" },
  });
  expect(scope.step("a")).toEqual({
    status: "failed",
    output: null,
    error: { code: "broken", message: "It broke" },
  });
  expect(scope).not.toHaveProperty("item");
  expect(scope).not.toHaveProperty("output");
});

test("an expression of a child sees its item, whatever it is, and its place", () => {
  expect(scopeOf(trial.plan, "b.0")).toMatchObject({ item: null, index: 0 });
  expect(scopeOf(trial.plan, "b.1")).toMatchObject({ item: 7, index: 1 });
});

test("a check sees what it judges, and the plan's own expressions see no step of theirs", () => {
  expect(scopeOf(trial.plan, "a", { ok: true })).toMatchObject({ output: { ok: true } });
  expect(scopeOf(trial.plan, null)).not.toHaveProperty("item");
});
