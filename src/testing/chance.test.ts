import { expect, test } from "vitest";
import { Chance, chance } from "./chance.ts";

test("what is drawn under one name does not hang on what else is drawn", () => {
  const alone = chance(7, "die", "plan 1", 3);
  chance(7, "something else");
  expect(chance(7, "die", "plan 1", 3)).toBe(alone);
  expect(new Chance(7, "die").of("plan 1").draw(3)).toBe(alone);
});

test("another seed, another name or another cut of the name is another draw", () => {
  const draws = new Set([
    chance(1, "a", "b"),
    chance(2, "a", "b"),
    chance(1, "ab"),
    chance(1, "b", "a"),
    chance(1, "a", "b", 0),
  ]);
  expect(draws.size).toBe(5);
});

test("draws are spread evenly from 0 to 1", () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 10_000; n += 1) {
    const tenth = Math.floor(chance(n % 100, "even", n) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) {
    expect(count).toBeGreaterThan(850);
    expect(count).toBeLessThan(1150);
  }
});

test("a weight of 0 is never picked", () => {
  const draws = Array.from({ length: 200 }, (_, n) =>
    new Chance(n).pickWeighted({ often: 9, seldom: 1, never: 0 }, "which"),
  );
  expect(draws).not.toContain("never");
  expect(draws.filter((drawn) => drawn === "often").length).toBeGreaterThan(150);
  expect(draws).toContain("seldom");
});

test("both ends of a range may come", () => {
  const draws = new Set(Array.from({ length: 100 }, (_, n) => new Chance(n).between(1, 3, "n")));
  expect(draws).toEqual(new Set([1, 2, 3]));
});

test("picking from nothing is an error that names the draw", () => {
  expect(() => new Chance(1).pick([], "a plan")).toThrow("nothing to pick from: a plan");
  expect(() => new Chance(1).pickWeighted({ none: 0 }, "a plan")).toThrow("no weight is above 0");
});
