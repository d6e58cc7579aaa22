import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import { createAncestry } from "./ancestry.ts";

function planOf(steps: Readonly<Record<string, Partial<StepDocument>>>): PlanDocument {
  const full = Object.entries(steps).map(([key, step]) => [
    key,
    { do: "wait", wait: { for: "1s" }, ...step } as const,
  ]);
  return { plan: "Graph", steps: Object.fromEntries(full) };
}

describe("who comes before whom", () => {
  test("needs of needs count, neighbours and later ones do not", () => {
    const before = createAncestry(
      planOf({ a: {}, b: { needs: ["a"] }, c: { needs: { any: ["b"] } }, d: {} }),
    );
    expect(before?.("a", "c")).toBe(true);
    expect(before?.("c", "a")).toBe(false);
    expect(before?.("d", "c")).toBe(false);
    expect(before?.("a", "a")).toBe(false);
    expect(before?.("nope", "a")).toBe(false);
  });

  test("a stand-in comes after what it stands in for, and before what needs that", () => {
    const before = createAncestry(
      planOf({ a: { onFailure: { fallback: "f" } }, f: {}, b: { needs: ["a"] } }),
    );
    expect(before?.("a", "f")).toBe(true);
    expect(before?.("f", "b")).toBe(true);
    expect(before?.("f", "a")).toBe(false);
  });

  test("a circle has no before", () => {
    expect(createAncestry(planOf({ a: { needs: ["b"] }, b: { needs: ["a"] } }))).toBeNull();
  });

  test("it is what following all needs finds", () => {
    const graph = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 30,
      size: "max",
    });
    fc.assert(
      fc.property(graph, (lists) => {
        const needs = lists.map((list, index) => [...new Set(list.filter((need) => need < index))]);
        const plan = planOf(
          Object.fromEntries(
            needs.map((list, index) => [`s${index}`, { needs: list.map((need) => `s${need}`) }]),
          ),
        );
        const before = createAncestry(plan);
        const reach = needs.map(() => new Set<number>());
        for (const [index, list] of needs.entries()) {
          for (const need of list)
            reach[index] = new Set([...(reach[index] ?? []), need, ...(reach[need] ?? [])]);
        }
        for (const [step, ancestors] of reach.entries()) {
          for (const other of needs.keys()) {
            expect(before?.(`s${other}`, `s${step}`)).toBe(ancestors.has(other));
          }
        }
      }),
    );
  });

  test("a long chain whose steps all look at the first is no more work than its length", () => {
    const steps: Record<string, Partial<StepDocument>> = { s0: {} };
    for (let index = 1; index < 20_000; index += 1)
      steps[`s${index}`] = { needs: [`s${index - 1}`] };
    const before = createAncestry(planOf(steps));
    const begun = process.cpuUsage().user;
    for (let index = 1; index < 20_000; index += 1) expect(before?.("s0", `s${index}`)).toBe(true);
    expect(process.cpuUsage(undefined).user - begun).toBeLessThan(2_000_000);
  });
});
