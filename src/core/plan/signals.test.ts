import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const wait = (signal: string) => ({ do: "wait", wait: { signal } }) as const;
const signal = (name: string, payload: number, key?: string) =>
  ({ type: "signal.deliver", name, payload, ...(key === undefined ? {} : { key }) }) as const;

test("a signal lets the step go on that has waited longest, and brings its payload", () => {
  const trial = begin({
    a: {},
    b: { ...wait("go"), needs: ["a"] },
    c: wait("go"),
    d: wait("other"),
  });
  trial.succeed("a");
  expect(trial.must(signal("go", 1))).toEqual(["signal.received", "step.succeeded c"]);
  expect(trial.step("c")).toMatchObject({ output: { signal: "go", payload: 1 } });
  expect(trial.must(signal("go", 2))).toEqual(["signal.received", "step.succeeded b"]);
  expect(trial.step("d").status).toBe("waiting");
});

test("signals that come before anybody waits are kept, and taken one by one, oldest first", () => {
  const trial = begin({
    a: {},
    b: { ...wait("go"), needs: ["a"] },
    c: { ...wait("go"), needs: ["a"] },
    d: { ...wait("go"), needs: ["a"] },
  });
  trial.must(signal("go", 1));
  trial.must(signal("go", 2));
  expect(trial.succeed("a")).toEqual([
    "step.succeeded a#1",
    "step.waiting b (signal)",
    "step.succeeded b",
    "step.waiting c (signal)",
    "step.succeeded c",
    "step.waiting d (signal)",
  ]);
  expect(trial.step("b")).toMatchObject({ output: { payload: 1 } });
  expect(trial.step("c")).toMatchObject({ output: { payload: 2 } });
  expect(trial.must(signal("go", 3))).toContain("step.succeeded d");
});

test("a signal that comes again under its key is known, and does nothing", () => {
  const trial = begin({ a: wait("go"), b: wait("go") });
  expect(trial.must(signal("go", 1, "k1"))).toContain("step.succeeded a");
  expect(trial.must(signal("go", 1, "k1"))).toEqual([]);
  expect(trial.step("b").status).toBe("waiting");
  expect(trial.must(signal("go", 1, "k2"))).toContain("step.succeeded b");
});

test("a name may be filled in", () => {
  const trial = begin({ a: wait("order-${{ inputs.n }}") }, { create: { inputs: { n: 7 } } });
  expect(trial.must(signal("order-7", 0))).toContain("step.succeeded a");
});

test("a step that no longer waits gets no signal", () => {
  const trial = begin({ a: wait("go"), b: wait("go") });
  trial.must({ type: "step.skip", stepKey: "a", reason: "" });
  expect(trial.must(signal("go", 1))).toContain("step.succeeded b");
});

test("those who waited first go first, also where others have left the line before them", () => {
  const trial = begin({ a: wait("go"), b: wait("go"), c: wait("go"), d: wait("go") });
  const skip = (stepKey: string) => trial.must({ type: "step.skip", stepKey, reason: "" });
  skip("c");
  skip("b");
  expect(trial.must(signal("go", 1))).toContain("step.succeeded a");
  expect(trial.must(signal("go", 2))).toContain("step.succeeded d");
});

test("a line of 20,000 who wait for one signal costs each of them no more than a few", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => [`s${index}`, wait("go")] as const);
  const trial = begin(Object.fromEntries(keys), { limits: { stepsMax: 20_000 }, isChecked: false });
  expect(trial.must(signal("go", 1))).toContain("step.succeeded s0");
  trial.must({ type: "plan.cancel", mode: "stop" });
  expect(trial.plan.counts).toMatchObject({ succeeded: 1, cancelled: 19_999 });
});

describe("a signal is refused", () => {
  test("that nobody waits for, when as many are kept as may be", () => {
    const trial = begin({ a: {} }, { limits: { signalsMax: 2 } });
    trial.must(signal("go", 1));
    trial.must(signal("go", 2));
    expect(trial.try(signal("go", 3))).toMatchObject({
      refusal: {
        code: "not-allowed",
        message: '2 signals "go" are kept already and nobody waits for one',
      },
    });
    expect(trial.refused(signal("other", 1))).toBe("accepted");
  });

  test("whose payload has a key that reaches into the program", () => {
    const trial = begin({ a: {} });
    const payload = JSON.parse('[{"constructor":1}]');
    expect(trial.try({ type: "signal.deliver", name: "go", payload })).toMatchObject({
      refusal: { code: "invalid-input", faults: [{ code: "forbidden-key", pointer: "/payload" }] },
    });
  });

  test("whose payload is too large", () => {
    const trial = begin({ a: {} }, { limits: { valueBytesMax: 40 } });
    const large = { type: "signal.deliver", name: "go", payload: "x".repeat(40) } as const;
    expect(trial.try(large)).toMatchObject({
      refusal: { code: "invalid-input", faults: [{ code: "too-large", pointer: "/payload" }] },
    });
  });

  test("of a plan that does not execute, or is ending", () => {
    expect(begin({ a: {} }, { upTo: "approved" }).refused(signal("go", 1))).toBe("not-allowed");
    const trial = begin({ a: {} });
    trial.lease();
    trial.must({ type: "plan.cancel", mode: "drain" });
    expect(trial.refused(signal("go", 1))).toBe("not-allowed");
  });
});
