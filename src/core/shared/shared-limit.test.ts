import { expect, test } from "vitest";
import { isClosed, roomIn, type SharedLimit } from "./shared-limit.ts";

const limit: SharedLimit = { key: "tenant", max: 3, used: 1, stopped: null };

test("there is room for as many as are not taken yet", () => {
  expect(roomIn(limit)).toBe(2);
  expect(roomIn({ ...limit, used: 3 })).toBe(0);
});

test("there is none below nothing, where the limit was lowered meanwhile", () => {
  expect(roomIn({ ...limit, max: 1, used: 3 })).toBe(0);
});

test("there is all the room in the world where nothing is limited", () => {
  expect(roomIn(undefined)).toBe(Infinity);
  expect(roomIn({ ...limit, max: null })).toBe(Infinity);
});

test("there is none for a tenant that is stopped, whatever its maximum", () => {
  const stopped = { at: 0, reason: null };
  expect(roomIn({ ...limit, stopped })).toBe(0);
  expect(roomIn({ ...limit, max: null, stopped })).toBe(0);
});

test("only somebody's word opens what is stopped, what is 0, and a budget that is used up", () => {
  const budget: SharedLimit = { ...limit, key: "budget:attempts" };
  expect(isClosed({ ...limit, stopped: { at: 0, reason: null } })).toBe(true);
  expect(isClosed({ ...limit, max: 0 })).toBe(true);
  expect(isClosed({ ...budget, used: 3 })).toBe(true);
  expect(isClosed(budget)).toBe(false);
  expect(isClosed({ ...limit, used: 3 })).toBe(false);
});
