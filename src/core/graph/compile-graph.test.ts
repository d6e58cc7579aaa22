import { describe, expect, test } from "vitest";
import { known } from "../known.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { PlanDocument, StepDocument } from "../plan/document.ts";
import { compileGraph, effectOf, joinOf } from "./compile-graph.ts";

function graphOf(
  steps: Readonly<Record<string, Partial<StepDocument>>>,
  rest: Partial<PlanDocument> = {},
) {
  const full = Object.entries(steps).map(([key, step]) => [key, { do: "agent", ...step }] as const);
  const document = { plan: "p", ...rest, steps: Object.fromEntries(full) };
  const graph = compileGraph(document, { tools: {} }, DEFAULT_LIMITS);
  return { graph, spec: (key: string) => known(graph.specs.get(key), key) };
}

test("a graph knows who needs whom, who begins, and in which order the text has them", () => {
  const { graph, spec } = graphOf({ c: { needs: ["a", "b", "a"] }, a: {}, b: { needs: ["a"] } });
  expect([...graph.specs.keys()]).toEqual(["c", "a", "b"]);
  expect(graph.roots).toEqual(["a"]);
  expect(spec("a").dependents).toEqual(["c", "b"]);
  expect(spec("c")).toMatchObject({
    join: { mode: "all", needs: ["a", "b"], allow: [] },
    dependents: [],
  });
});

test("a stand-in does not begin by itself, and the plan can do without it", () => {
  const { graph, spec } = graphOf({
    a: { onFailure: { fallback: "b" } },
    b: {},
    c: { onFailure: "continue" },
  });
  expect(graph.roots).toEqual(["a", "c"]);
  expect(spec("a")).toMatchObject({ fallback: "b", fallbackFor: null, required: true });
  expect(spec("b")).toMatchObject({ fallback: null, fallbackFor: "a", required: false });
  expect(spec("c").required).toBe(false);
});

test("a child of a list does its work, and has no place in the graph of its own", () => {
  const { spec } = graphOf({
    x: {},
    a: { forEach: { items: "[1]", concurrency: 2 }, needs: ["x"], onFailure: { fallback: "f" } },
    f: {},
    b: { forEach: "[1]", needs: ["a"] },
    c: { forEach: { items: "[1]" } },
  });
  expect(spec("a").forEach).toEqual({ items: "[1]", concurrency: 2 });
  expect(spec("b").forEach).toEqual({ items: "[1]", concurrency: null });
  expect(spec("c").forEach).toEqual({ items: "[1]", concurrency: null });
  const alone = { forEach: null, dependents: [], fallback: null, fallbackFor: null, child: null };
  expect(spec("a").child).toMatchObject({ ...alone, join: { needs: [] } });
  expect(spec("x").child).toBeNull();
});

test("a step stands in the lane of its pool and of what it takes to carry it out", () => {
  const { spec } = graphOf({ a: {}, b: { do: "tool", owner: "mail", pool: "slow", priority: 7 } });
  expect(spec("a")).toMatchObject({ pool: "default", capability: "agent", priority: 0 });
  expect(spec("b")).toMatchObject({ pool: "slow", capability: "tool:mail", priority: 7 });
});

test.each<[Parameters<typeof joinOf>[0], ReturnType<typeof joinOf>]>([
  [undefined, { mode: "all", needs: [], allow: [] }],
  [["a", "b", "a"], { mode: "all", needs: ["a", "b"], allow: [] }],
  [{ all: ["a"] }, { mode: "all", needs: ["a"], allow: [] }],
  [
    { all: ["a"], allow: ["failed"] },
    { mode: "all", needs: ["a"], allow: ["failed"] },
  ],
  [{ any: ["a"] }, { mode: "any", needs: ["a"], allow: [] }],
  [
    { any: ["a"], allow: ["skipped"] },
    { mode: "any", needs: ["a"], allow: ["skipped"] },
  ],
])("needs in any form come to the one full form: %j", (needs, join) => {
  expect(joinOf(needs)).toEqual(join);
});

describe("what a crash inside a step means", () => {
  const pins = { tools: { safe: { effect: "none" } } } as const;

  test.each<[StepDocument, string]>([
    [{ do: "command" }, "once"],
    [{ do: "command", effect: "repeatable" }, "repeatable"],
    [{ do: "agent" }, "once"],
    [{ do: "external" }, "once"],
    [{ do: "verify" }, "repeatable"],
    [{ do: "human" }, "none"],
    [{ do: "wait" }, "none"],
    [{ do: "plan" }, "none"],
    [{ do: "tool", owner: "safe" }, "none"],
    [{ do: "tool", owner: "safe", effect: "once" }, "once"],
    [{ do: "tool", owner: "unknown" }, "once"],
    [{ do: "tool", owner: "constructor" }, "once"],
    [{ do: "tool" }, "once"],
  ])("%j: %s", (step, effect) => {
    expect(effectOf(step, pins)).toBe(effect);
  });
});

test("the policy of a plan is what its text says, else the defaults and the limits", () => {
  expect(graphOf({ a: {} }).graph.policy).toEqual({
    approval: "required",
    verification: "none",
    concurrency: 5,
    retry: { attempts: 3, firstMs: 1000, factor: 2, maxMs: 60_000 },
    wallMs: DEFAULT_LIMITS.wallMs,
    onRequest: "continue",
  });
  const policy = {
    approval: "none",
    verification: "required",
    concurrency: 1,
    retry: { attempts: 5, first: "2s", factor: 3, max: "1h" },
    budget: { wall: "1h" },
    onRequest: "pause",
  } as const;
  expect(graphOf({ a: {} }, { policy }).graph.policy).toEqual({
    ...policy,
    retry: { attempts: 5, firstMs: 2000, factor: 3, maxMs: 3_600_000 },
    wallMs: 3_600_000,
    budget: undefined,
  });
  expect(graphOf({ a: {} }, { policy: { retry: {}, budget: {} } }).graph.policy).toMatchObject({
    retry: { attempts: 3, firstMs: 1000, factor: 2, maxMs: 60_000 },
    wallMs: DEFAULT_LIMITS.wallMs,
  });
});

test("a graph of 100,000 steps is made in a breath", () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => [
    `s${index}`,
    index < 1000 ? {} : { needs: [`s${index % 1000}`, `s${index - 1}`] },
  ]);
  const { graph } = graphOf(Object.fromEntries(entries));
  expect(graph.roots).toHaveLength(1000);
}, 60_000);
