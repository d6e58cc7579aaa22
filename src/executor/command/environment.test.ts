import { afterAll, expect, test } from "vitest";
import { TEST_PURE, startTestAttempt } from "../test-attempt.ts";
import { commandEnvironment } from "./environment.ts";

const attempt = await startTestAttempt({ planId: "pln_9", stepKey: "a.3", attempt: 2 });
const { lease } = attempt;
afterAll(() => attempt[Symbol.asyncDispose]());

function environment(options: Partial<Parameters<typeof commandEnvironment>[0]> = {}) {
  return commandEnvironment({
    worker: {},
    allowed: [],
    step: {},
    lease,
    pure: TEST_PURE,
    ...options,
  });
}

test("a command sees of its worker's environment what is listed, and no secrets", () => {
  const worker = {
    PATH: "/bin",
    HOME: "/home/ada",
    LC_ALL: "C",
    AWS_SECRET_ACCESS_KEY: "secret",
    NODE_OPTIONS: "--inspect",
    CI: "1",
  };
  const env = environment({ worker, allowed: ["CI"] });
  expect(env).toMatchObject({ PATH: "/bin", HOME: "/home/ada", LC_ALL: "C", CI: "1" });
  expect(
    Object.keys(env)
      .filter((name) => !name.startsWith("PLANWRIGHT_"))
      .toSorted(),
  ).toEqual(["CI", "HOME", "LC_ALL", "PATH"]);
});

test("a step's own values win over the worker's, and cannot pass for Planwright's", () => {
  const env = environment({
    worker: { LANG: "C" },
    step: { LANG: "de_DE.UTF-8", PLANWRIGHT_ATTEMPT: "99" },
  });
  expect(env).toMatchObject({
    LANG: "de_DE.UTF-8",
    PLANWRIGHT_PLAN_ID: "pln_9",
    PLANWRIGHT_STEP_KEY: "a.3",
    PLANWRIGHT_ATTEMPT: "2",
  });
});

test("a command is told which checks failed in the last round", () => {
  const feedback = [{ check: "has a title", message: "is not true" }];
  const told = (entries: typeof lease.feedback) =>
    environment({ lease: { ...lease, feedback: entries } })["PLANWRIGHT_FEEDBACK"];
  expect(told([])).toBe("[]");
  expect(told(feedback)).toBe(JSON.stringify(feedback));
  const long = { check: "long", message: "x".repeat(40_000) };
  expect(told([...feedback, long])).toBe(JSON.stringify(feedback));
});

function key(changes: Partial<typeof lease>): string | undefined {
  return environment({ lease: { ...lease, ...changes } })["PLANWRIGHT_IDEMPOTENCY_KEY"];
}

test("the idempotency key is the same for every attempt, and another for every other call", () => {
  expect(key({ attempt: 3 })).toBe(key({}));
  const others = [{ tenantId: "t" }, { planId: "pln_8" }, { stepKey: "a.4" }, { loop: 1 }];
  expect(new Set([key({}), ...others.map(key)]).size).toBe(5);
  expect(key({})).toMatch(/^[0-9a-f]{64}$/);
});
