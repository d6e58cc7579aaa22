import fc from "fast-check";
import { expect, test } from "vitest";
import type { Join } from "../graph/graph.ts";
import { judgeJoin, meetsNeed } from "./join.ts";
import type { StepStatus } from "./step.ts";

const ends = ["succeeded", "failed", "skipped", "cancelled"] as const;
const anyJoin = fc.record({
  mode: fc.constantFrom("all" as const, "any" as const),
  allow: fc.subarray(["skipped" as const, "failed" as const]),
  ends: fc.array(fc.option(fc.constantFrom(...ends)), { minLength: 1, maxLength: 5 }),
});

test("a join of any and all ends comes to what looking at every need would say", () => {
  fc.assert(
    fc.property(anyJoin, ({ mode, allow, ends }) => {
      const join: Join = { mode, allow, needs: ends.map((_, index) => `n${index}`) };
      const met = ends.filter((end) => end !== null && isMet(end, allow)).length;
      const open = ends.filter((end) => end === null).length;
      const lost = ends.length - met - open;
      const all = lost > 0 ? "never" : open > 0 ? "not-yet" : "go";
      const any = met > 0 ? "go" : open > 0 ? "not-yet" : "never";
      expect(judgeJoin(join, open, met)).toBe(mode === "all" ? all : any);
    }),
    { numRuns: 500 },
  );
});

test("a need is met by success, and by other ends only where they are allowed", () => {
  const join: Join = { mode: "all", needs: ["a"], allow: ["skipped"] };
  expect(ends.filter((end) => meetsNeed(join, end))).toEqual(["succeeded", "skipped"]);
});

function isMet(end: StepStatus, allow: readonly string[]): boolean {
  return end === "succeeded" || allow.includes(end);
}
