import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { PlanDocument, StepDocument } from "../plan/document.ts";
import { findFaults } from "./find-faults.ts";

type Steps = Readonly<Record<string, Partial<StepDocument>>>;

function planOf(steps: Steps, rest: Partial<PlanDocument> = {}): PlanDocument {
  const full = Object.entries(steps).map(([key, step]) => [key, { do: "agent", ...step }] as const);
  return { plan: "A plan", ...rest, steps: Object.fromEntries(full) };
}

/** Each fault as code and place. */
function faultsOf(document: PlanDocument, limits: Partial<Limits> = {}): string[] {
  const faults = findFaults(document, { ...DEFAULT_LIMITS, ...limits });
  return faults.map(({ code, pointer }) => `${code} ${pointer}`);
}

function messageOf(document: PlanDocument): string {
  return findFaults(document, DEFAULT_LIMITS)
    .map((fault) => fault.message)
    .join("\n");
}

test("a graph that can be carried out has no fault", () => {
  const steps = {
    a: { onFailure: { fallback: "b" } },
    b: {},
    c: { needs: ["a", "a"] },
    d: { needs: { any: ["b", "c"], allow: ["skipped"] } },
    e: { needs: { all: ["d"] }, verify: { checks: [{ expression: "true" }] } },
  } as const;
  expect(faultsOf(planOf(steps, { policy: { verification: "required" } }))).toEqual([]);
});

describe("how many steps", () => {
  test("a plan without steps has nothing to do", () => {
    expect(faultsOf(planOf({}))).toEqual(["no-steps /steps"]);
  });

  test("a plan has no more steps, and a step no more needs, than the limits allow", () => {
    const plan = planOf({ a: {}, b: {}, c: { needs: ["a", "b"] } });
    expect(faultsOf(plan, { stepsMax: 2 })).toEqual(["too-many-steps /steps"]);
    expect(faultsOf(plan, { needsPerStepMax: 1 })).toEqual(["too-many-needs /steps/c/needs"]);
    expect(faultsOf(plan, { stepsMax: 3, needsPerStepMax: 2 })).toEqual([]);
  });
});

describe("what a step needs", () => {
  test("must be another step of the plan, and the fault points at the very need", () => {
    const steps = {
      a: {},
      b: { needs: ["a", "nobody", "nobody", "b"] },
      c: { needs: { all: ["a", "nobody"] } },
      d: { needs: { any: ["nobody", "a"] } },
    };
    expect(faultsOf(planOf(steps))).toEqual([
      "unknown-need /steps/b/needs/1",
      "self-need /steps/b/needs/3",
      "unknown-need /steps/c/needs/all/1",
      "unknown-need /steps/d/needs/any/0",
    ]);
  });

  test("is never found among what every object inherits", () => {
    expect(faultsOf(planOf({ a: { needs: ["toString"] } }))).toEqual([
      "unknown-need /steps/a/needs/0",
    ]);
  });

  test("is guessed where it was mistyped, and not where nothing is near", () => {
    const steps = { deploy: {}, a: { needs: ["depoly"] }, b: { needs: ["something-else"] } };
    const [typo, unknown] = findFaults(planOf(steps), DEFAULT_LIMITS);
    expect(typo?.message).toBe(
      '"a" needs "depoly", which is not a step of this plan; did you mean "deploy"?',
    );
    expect(unknown?.message).toBe('"b" needs "something-else", which is not a step of this plan');
  });

  test("is guessed for as many as a person reads, and 200 faults are told at most", () => {
    const entries = Array.from({ length: 300 }, (_, index) => [`s${index}`, { needs: ["s"] }]);
    const faults = findFaults(planOf(Object.fromEntries(entries)), DEFAULT_LIMITS);
    expect(faults).toHaveLength(200);
    expect(faults.filter((fault) => fault.message.includes("did you mean"))).toHaveLength(10);
  });
});

describe("a circle", () => {
  test("is named in the order of going round, each step before the one that waits for it", () => {
    const steps = {
      d: { needs: ["c"] },
      a: { needs: ["c"] },
      b: { needs: ["a"] },
      c: { needs: ["b"] },
    };
    expect(faultsOf(planOf(steps))).toEqual(["cycle /steps/a/needs"]);
    expect(messageOf(planOf(steps))).toBe(
      "these steps wait for each other in a circle: a → b → c → a",
    );
  });

  test("may go through a stand-in, which waits for the step that it stands in for", () => {
    const through = {
      a: { needs: ["b"], onFailure: { fallback: "c" } },
      b: { needs: ["c"] },
      c: {},
    };
    expect(faultsOf(planOf(through))).toEqual(["cycle /steps/c"]);
    const mutual = { a: { onFailure: { fallback: "b" } }, b: { onFailure: { fallback: "a" } } };
    expect(messageOf(planOf(mutual))).toBe(
      "these steps wait for each other in a circle: b → a → b",
    );
  });

  test("of very many steps is told in short", () => {
    const entries = Array.from({ length: 30 }, (_, index) => [
      `s${index}`,
      { needs: [`s${(index + 29) % 30}`] },
    ]);
    expect(messageOf(planOf(Object.fromEntries(entries)))).toMatch(/ → 10 more → s\d+$/);
  });
});

describe("a stand-in", () => {
  test("is another step of the plan, stands in for one alone, and needs nothing", () => {
    const steps = {
      a: { onFailure: { fallback: "a" } },
      b: { onFailure: { fallback: "nobody" } },
      c: { onFailure: { fallback: "e" } },
      d: { onFailure: { fallback: "e" } },
      e: {},
      f: { onFailure: { fallback: "g" } },
      g: { needs: ["e"] },
      h: { onFailure: { fallback: "valueOf" } },
    } as const;
    expect(faultsOf(planOf(steps))).toEqual([
      "unknown-fallback /steps/a/onFailure/fallback",
      "unknown-fallback /steps/b/onFailure/fallback",
      "fallback-taken /steps/d/onFailure/fallback",
      "fallback-needs /steps/g/needs",
      "unknown-fallback /steps/h/onFailure/fallback",
    ]);
  });
});

test("a plan that must be verified has a step with checks", () => {
  const policy = { verification: "required" } as const;
  expect(faultsOf(planOf({ a: {} }, { policy }))).toEqual(["no-checks /policy/verification"]);
  expect(faultsOf(planOf({ a: {} }, { policy: { verification: "none" } }))).toEqual([]);
});

test("a step that no worker carries out has no field that only a worker would heed", () => {
  const steps = {
    a: { do: "human", at: "2026-01-01T00:00:00Z", verify: { checks: [{ expression: "true" }] } },
    b: { do: "wait", timeout: "1h", retry: { attempts: 2 } },
    c: { do: "plan", output: { type: "object" }, idle: "1m" },
    d: { do: "agent", timeout: "1h", retry: {}, output: true, at: "2026-01-01T00:00:00Z" },
  } as const;
  expect(faultsOf(planOf(steps))).toEqual([
    "field-not-for-kind /steps/a/at",
    "field-not-for-kind /steps/a/verify",
    "field-not-for-kind /steps/b/timeout",
    "field-not-for-kind /steps/b/retry",
    "field-not-for-kind /steps/c/idle",
    "field-not-for-kind /steps/c/output",
  ]);
});

test("one answer decides a request, so no more can be asked for", () => {
  const go = { kind: "approval", title: "Go?" } as const;
  const steps = {
    a: { do: "human", request: { ...go, quorum: 1 } },
    b: { do: "human", request: { ...go, quorum: 2 } },
  } as const;
  expect(faultsOf(planOf(steps))).toEqual(["quorum /steps/b/request/quorum"]);
});

test("a key with characters that mean something in a pointer is still pointed at", () => {
  expect(faultsOf(planOf({ "a/b~c": { needs: ["x"] } }))).toEqual([
    "unknown-need /steps/a~1b~0c/needs/0",
  ]);
});

describe("a graph is checked in a breath", () => {
  const large = (count: number, needsOf: (index: number) => readonly string[]): PlanDocument => {
    const entries = Array.from({ length: count }, (_, index) => [
      `s${index}`,
      { needs: needsOf(index) },
    ]);
    return planOf(Object.fromEntries(entries));
  };
  const before = (index: number) => (index === 0 ? [] : [`s${index - 1}`]);
  const tenOf = (index: number) =>
    Array.from({ length: index < 1000 ? 0 : 10 }, (_, at) => `s${(index * 7 + at * 13) % 1000}`);

  test.each<[string, number, (index: number) => readonly string[], number]>([
    ["a chain of 100,000 steps", 100_000, before, 0],
    ["one circle", 20_000, (index) => [`s${(index + 1) % 20_000}`], 1],
    ["nothing but needs that are not there", 20_000, (index) => [`nobody${index}`], 200],
    ["wide joins", 20_000, tenOf, 0],
  ])(
    "%s",
    (_, count, needsOf, faults) => {
      expect(faultsOf(large(count, needsOf), { stepsMax: count })).toHaveLength(faults);
    },
    60_000,
  );
});
