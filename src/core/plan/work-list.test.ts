import { expect, test } from "vitest";
import { WorkList } from "./work-list.ts";

test("keys are looked at in the order of coming, each once while it stands in line", () => {
  const list = new WorkList();
  list.push("a");
  list.push("b");
  list.push("a");
  expect([list.shift(), list.shift(), list.shift()]).toEqual(["a", "b", undefined]);
  list.push("a");
  expect(list.shift()).toBe("a");
});
