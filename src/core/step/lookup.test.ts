import { expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial } from "../trial.test-helper.ts";
import { findSpec, findStep, specOf, stepKeys, stepOf } from "./lookup.ts";

const { plan } = new Trial(
  { a: {}, list: { forEach: { items: "[1, 2]", concurrency: 1 } }, z: { needs: ["list"] } },
  { pure: TEST_PURE },
);

test("steps come in the order of the text, children after their list", () => {
  expect([...stepKeys(plan)]).toEqual(["a", "list", "list.0", "list.1", "z"]);
});

test("a step that nothing has happened to is pending", () => {
  expect(findStep(plan, "z")).toMatchObject({ status: "pending", key: "z", parentKey: null });
  expect(findStep(plan, "list.1")).toMatchObject({
    status: "pending",
    parentKey: "list",
    itemIndex: 1,
  });
  expect(findStep(plan, "list.0")).toMatchObject({ status: "ready" });
});

test("a child is spoken of as its list is", () => {
  expect(findSpec(plan, "list.1")).toMatchObject({
    kind: "agent",
    forEach: null,
    join: { needs: [] },
  });
  expect(findSpec(plan, "list")?.forEach).toEqual({ items: "[1, 2]", concurrency: 1 });
});

test.each(["", "nobody", "a.0", "list.2", "list.-1", "list.1e0", "list.01", "list.", "nobody.0"])(
  "there is no step %j",
  (key) => {
    expect(findStep(plan, key)).toBeUndefined();
    expect(() => stepOf(plan, key)).toThrow(`pln_1 has no step ${key}`);
  },
);

test("a step that is not in the text is a mistake of the program", () => {
  expect(findSpec(plan, "nobody")).toBeUndefined();
  expect(findSpec(plan, "a.0")).toBeUndefined();
  expect(() => specOf(plan, "nobody")).toThrow("pln_1 has no step nobody");
});
