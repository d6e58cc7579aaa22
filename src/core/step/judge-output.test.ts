import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import type { CommandCheckResult } from "./outcome.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const schema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
const isOk = { expression: "output.ok" };

describe("an output that does not fit what was declared", () => {
  test("is a failed attempt, with the place, and may be tried again", () => {
    const trial = begin({ a: { output: schema, effect: "none" } });
    expect(trial.succeed("a", { n: "one" })).toEqual([
      "attempt.failed a#1 (output-invalid)",
      "step.readied a",
    ]);
    expect(trial.last("attempt.failed").data.error).toMatchObject({
      message: expect.stringContaining("the output does not fit its schema at /n: "),
      pointer: "/n",
    });
    expect(trial.pass(1000).succeed("a", { n: 1 })).toContain("step.succeeded a#2");
  });

  test("is not tried again where the effect must not happen twice: it has happened", () => {
    const trial = begin({ a: { output: schema, effect: "once" } });
    expect(trial.report("a", { kind: "succeeded", output: [] })).toContain(
      "step.failed a#1 (output-invalid)",
    );
    expect(trial.plan.error?.message).toContain("does not fit its schema at /: ");
  });

  test("may be declared by a name of the plan's schemas, and nothing fits a name that is not there", () => {
    const text = { schemas: { thing: schema } };
    expect(begin({ a: { output: "thing" } }, { text }).succeed("a", { n: 1 })).toContain(
      "step.succeeded a#1",
    );
    expect(begin({ a: { output: "toString" } }, { text }).succeed("a", { n: 1 })).toContain(
      "step.failed a#1 (output-invalid)",
    );
    expect(begin({ a: { output: "thing" } }).succeed("a", { n: 1 })).toContain(
      "step.failed a#1 (output-invalid)",
    );
  });

  test("has a key that reaches into the program", () => {
    const trial = begin({ a: {} });
    const output = JSON.parse('{"a":{"__proto__":{"admin":true}}}');
    expect(trial.succeed("a", output)).toContain("step.failed a#1 (output-invalid)");
    expect(trial.plan.error?.message).toContain('"__proto__"');
  });

  test("is too large to stand in an event, counted in bytes", () => {
    const trial = begin({ a: {} }, { limits: { valueBytesMax: 20 } });
    expect(trial.succeed("a", { t: "äöüßäöü" })).toContain("step.failed a#1 (output-too-large)");
    expect(trial.plan.error?.message).toBe(
      "the output is 22 bytes, more than 20; publish large values as artifacts",
    );
  });
});

describe("checks", () => {
  test("that pass are told with their evidence, and the step is verified", () => {
    const checks = [
      isOk,
      { name: "has a shape", schema },
      { schema: "thing" },
      { command: { run: "npm test" } },
    ];
    const text = { schemas: { thing: true }, policy: { verification: "required" } } as const;
    const trial = begin({ a: { verify: { checks } } }, { text });
    const run: CommandCheckResult = {
      index: 3,
      passed: true,
      exitCode: 0,
      message: "",
      artifactId: "art_1",
    };
    const outcome = { kind: "succeeded", output: { ok: true, n: 1 }, checks: [run] } as const;
    expect(trial.report("a", outcome)).toContain("plan.completed");
    const told = trial.events.flatMap(({ type, data }) => (type === "check.passed" ? [data] : []));
    expect(told).toEqual([
      { check: "output.ok", kind: "expression", round: 1 },
      { check: "has a shape", kind: "schema", round: 1 },
      { check: "schema 3", kind: "schema", round: 1 },
      { check: "npm test", kind: "command", round: 1, exitCode: 0, artifactId: "art_1" },
    ]);
    expect(trial.plan.verified).toBe(1);
  });

  test("that fail go back as feedback, as often as there are loops, and begin the counting of failures anew", () => {
    const trial = begin({
      a: {
        verify: { checks: [{ name: "ok", ...isOk }], loops: 1 },
        retry: { attempts: 2, first: "0s" },
      },
    });
    trial.fail("a", { retryable: true });
    expect(trial.succeed("a", { ok: false })).toEqual([
      "check.failed a#2",
      "attempt.failed a#2 (verification-failed)",
      "step.readied a",
    ]);
    expect(trial.step("a")).toMatchObject({
      failures: 0,
      loops: 1,
      feedback: [{ check: "ok", message: "is not true" }],
    });
    trial.lease();
    expect(trial.leases[0]).toMatchObject({ loop: 1, feedback: [{ check: "ok" }] });
    trial.fail("a", { retryable: true });
    expect(trial.succeed("a", { ok: false })).toEqual([
      "check.failed a#4",
      "step.failed a#4 (verification-failed)",
      "plan.failing (verification-failed)",
      "plan.failed (verification-failed)",
    ]);
    expect(trial.last("check.failed").data.round).toBe(2);
    expect(trial.plan.error?.message).toBe("ok: is not true");
  });

  test("without loops fail the step at once", () => {
    const trial = begin({ a: { verify: { checks: [isOk] } } });
    expect(trial.succeed("a", { ok: false })).toContain("step.failed a#1 (verification-failed)");
  });

  test.each([
    [isOk, { ok: 1 }, "must come to true or false, not 1"],
    [{ expression: "output.missing" }, {}, "missing"],
    [{ schema }, { n: "x" }, "/n: "],
    [{ schema }, {}, "/: "],
    [{ command: { argv: ["npm", "test"] } }, {}, "the worker did not run it"],
    [{ command: {} }, {}, "the worker did not run it"],
  ])("say what is wrong: %j of %j", (check, output, message) => {
    const trial = begin({ a: { verify: { checks: [check] }, onFailure: "continue" } });
    trial.succeed("a", output);
    expect(trial.last("check.failed").data.message).toContain(message);
  });

  test("by a command say what the command said, under a name of their own or their place", () => {
    const checks = [{ command: { argv: ["npm", "test"] } }, { command: {} }];
    const trial = begin({ a: { verify: { checks } } });
    const run: CommandCheckResult = {
      index: 0,
      passed: false,
      exitCode: 1,
      message: "exit code 1",
    };
    trial.report("a", { kind: "succeeded", output: null, checks: [run] });
    const told = trial.events.flatMap(({ type, data }) => (type === "check.failed" ? [data] : []));
    expect(told).toEqual([
      { check: "npm test", kind: "command", round: 1, exitCode: 1, message: "exit code 1" },
      { check: "command 2", kind: "command", round: 1, message: "the worker did not run it" },
    ]);
  });

  test("are not repeated while the plan is ending", () => {
    const trial = begin({ a: { verify: { checks: [isOk], loops: 3 } }, b: {} });
    trial.lease();
    trial.fail("b");
    expect(trial.succeed("a", { ok: false })).toContain("step.failed a#1 (verification-failed)");
  });
});

describe("a step that verifies", () => {
  const steps = (given: Steps[string]): Steps => ({
    a: {},
    b: { do: "verify", needs: ["a"], ...given },
  });

  test.each([
    ["its subject", { subject: "${{ steps.a.output }}" }],
    ["all that it was handed", { ok: "${{ steps.a.output.ok }}" }],
  ])("judges %s", (_, input) => {
    const trial = begin(steps({ with: input, verify: { checks: [isOk] } }));
    trial.succeed("a", { ok: true });
    expect(trial.succeed("b")).toContain("step.succeeded b#1");
  });

  test("judges what was approved, where its input was", () => {
    const trial = begin(
      steps({ approve: true, with: { subject: { ok: true } }, verify: { checks: [isOk] } }),
    );
    trial.succeed("a");
    trial.answer("b", { approved: true });
    expect(trial.succeed("b")).toContain("step.succeeded b#1");
  });

  test("judges nothing where it was handed nothing, or what can no longer be made", () => {
    const checks = [{ expression: "output == null" }];
    const empty = begin(steps({ with: { subject: null }, verify: { checks } }));
    empty.succeed("a");
    expect(empty.succeed("b")).toContain("step.succeeded b#1");
    const none = begin(steps({ verify: { checks: [{ expression: "size(output) == 0" }] } }));
    none.succeed("a");
    expect(none.succeed("b")).toContain("step.succeeded b#1");
    const subject = "${{ steps.c.status == 'ready' ? 1 : 1 / 0 }}";
    const gone = begin({
      b: { do: "verify", with: { subject }, verify: { checks } },
      c: { at: "2026-01-01T00:00:01Z" },
    });
    gone.lease();
    gone.pass(1000).lease();
    expect(gone.succeed("b")).toContain("step.succeeded b#1");
    const odd = { ...TEST_PURE, resolve: () => ({ ok: true, value: 5 }) as const };
    const five = begin(
      { b: { do: "verify", verify: { checks: [{ expression: "output == 5" }] } } },
      { pure: odd },
    );
    expect(five.succeed("b")).toContain("step.succeeded b#1");
  });
});

describe("a plan that must be verified", () => {
  const text = { policy: { verification: "required" } } as const;

  test("cannot complete by a step that was completed by hand", () => {
    const trial = begin({ a: { verify: { checks: [isOk] } } }, { text });
    const complete = {
      type: "step.complete",
      stepKey: "a",
      output: { ok: true },
      note: "I looked",
    } as const;
    expect(trial.must(complete)).toEqual(["step.succeeded a"]);
    expect(trial.plan).toMatchObject({ status: "executing", verified: 0 });
  });

  test("completes by a child of a list whose checks passed", () => {
    const trial = begin({ a: { forEach: "[1]", verify: { checks: [isOk] } } }, { text });
    expect(trial.succeed("a.0", { ok: true })).toContain("plan.completed");
  });
});
