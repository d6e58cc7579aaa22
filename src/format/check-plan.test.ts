import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { PlanDocument, StepDocument } from "../core/plan/document.ts";
import { checkPlan, type CheckOptions } from "./check-plan.ts";

const pause: StepDocument = { do: "wait", wait: { for: "1s" } };
const echo: StepDocument = { do: "tool", owner: "std.echo", effect: "none" };

function faultsOf(
  steps: Readonly<Record<string, StepDocument>>,
  plan: Partial<PlanDocument> = {},
  options: CheckOptions = {},
): readonly string[] {
  return checkPlan({ plan: "A", ...plan, steps }, options).faults.map(
    ({ code, pointer }) => `${code} ${pointer}`,
  );
}

function warningsOf(
  steps: Readonly<Record<string, StepDocument>>,
  plan: Partial<PlanDocument> = {},
  options: CheckOptions = {},
): readonly string[] {
  return checkPlan(
    { plan: "A", policy: { verification: "none" }, ...plan, steps },
    options,
  ).warnings.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("what carries a step out", () => {
  test("kinds and tools must be there, where it is known what is there", () => {
    const options = { kinds: new Set(["tool", "wait"]), tools: new Set(["std.echo"]) };
    const steps = {
      a: { do: "agent" },
      b: { ...echo, owner: "std.ehco" },
      c: echo,
      d: pause,
    } as const;
    expect(faultsOf(steps, {}, options)).toEqual([
      "unknown-executor /steps/a/do",
      "unknown-tool /steps/b/owner",
    ]);
    expect(faultsOf(steps)).toEqual([]);
    expect(checkPlan({ plan: "A", steps }, options).faults[1]?.message).toBe(
      'there is no tool std.ehco; did you mean "std.echo"?',
    );
  });

  test.each<[string, StepDocument, string]>([
    ["a command has argv or run", { do: "command" }, "conflicting-fields /steps/a"],
    [
      "and not both",
      { do: "command", with: { argv: ["a"], run: "a" } },
      "conflicting-fields /steps/a/with",
    ],
    [
      "a command takes no other fields",
      { do: "command", with: { argv: ["a"], shell: true } },
      "unknown-field /steps/a/with/shell",
    ],
    [
      "argv is a list of words",
      { do: "command", with: { argv: ["a", {}] } },
      "wrong-type /steps/a/with/argv/1",
    ],
    [
      "argv begins with a program",
      { do: "command", with: { argv: ["-x"] } },
      "wrong-format /steps/a/with/argv/0",
    ],
    [
      "run is constant",
      { do: "command", with: { run: "echo ${{ inputs.x }}" } },
      "expression-in-run /steps/a/with/run",
    ],
    [
      "parse is one of three",
      { do: "command", with: { argv: ["a"], parse: "xml" } },
      "unknown-value /steps/a/with/parse",
    ],
    [
      "env names variables",
      { do: "command", with: { argv: ["a"], env: { "A B": "x" } } },
      "invalid-key /steps/a/with/env/A B",
    ],
    ["a tool has a name", { do: "tool" }, "missing-field /steps/a/owner"],
    ["a person is asked something", { do: "human" }, "missing-field /steps/a/request"],
    [
      "a choice has options",
      { do: "human", request: { kind: "choice", title: "x" } },
      "missing-field /steps/a/request/options",
    ],
    [
      "an option is offered once",
      {
        do: "human",
        request: { kind: "choice", title: "x", options: [{ value: "a" }, { value: "a" }] },
      },
      "duplicate-option /steps/a/request/options/1/value",
    ],
    [
      "a form is for input",
      { do: "human", request: { kind: "approval", title: "x", form: {} } },
      "field-not-for-kind /steps/a/request/form",
    ],
    [
      "options are for a choice",
      { do: "human", request: { kind: "approval", title: "x", options: [{ value: "a" }] } },
      "field-not-for-kind /steps/a/request/options",
    ],
    [
      "a form is a map of fields",
      { do: "human", request: { kind: "input", title: "x", form: { type: "string" } } },
      "form-not-flat /steps/a/request/form",
    ],
    [
      "a form is a schema",
      { do: "human", request: { kind: "input", title: "x", form: { type: "map" } } },
      "invalid-schema /steps/a/request/form/type",
    ],
    [
      "a verdict by default is a verdict",
      { do: "human", request: { kind: "review", title: "x", onTimeout: { answer: "yes" } } },
      "wrong-type /steps/a/request/onTimeout/answer",
    ],
    ["run is text", { do: "command", with: { run: " " } }, "wrong-type /steps/a/with/run"],
    [
      "a folder is text",
      { do: "command", with: { argv: ["a"], cwd: 3 } },
      "wrong-type /steps/a/with/cwd",
    ],
    [
      "variables are a map",
      { do: "command", with: { argv: ["a"], env: ["A=1"] } },
      "wrong-type /steps/a/with/env",
    ],
    [
      "a form is flat",
      {
        do: "human",
        request: {
          kind: "input",
          title: "x",
          form: { type: "object", properties: { a: { type: "object" } } },
        },
      },
      "form-not-flat /steps/a/request/form/properties/a",
    ],
    [
      "an answer by default is an option",
      {
        do: "human",
        request: {
          kind: "choice",
          title: "x",
          options: [{ value: "a" }],
          onTimeout: { answer: "b" },
        },
      },
      "unknown-value /steps/a/request/onTimeout/answer",
    ],
    [
      "or fits the form",
      {
        do: "human",
        request: {
          kind: "input",
          title: "x",
          form: { type: "object", properties: { n: { type: "number" } } },
          onTimeout: { answer: { n: "x" } },
        },
      },
      "schema-mismatch /steps/a/request/onTimeout/answer/n",
    ],
    [
      "a pause is one of three",
      { do: "wait", wait: { for: "1s", until: "2026-01-01T00:00:00Z" } },
      "conflicting-fields /steps/a/wait",
    ],
    [
      "a pause is a duration",
      { do: "wait", wait: { for: "soon" } },
      "wrong-format /steps/a/wait/for",
    ],
    [
      "a time is a time",
      { do: "wait", wait: { until: "tomorrow" } },
      "wrong-format /steps/a/wait/until",
    ],
    ["a start is a time", { ...echo, at: "noon" }, "wrong-format /steps/a/at"],
    ["a sub-plan is there", { do: "plan" }, "missing-field /steps/a/plan"],
    [
      "a verifier has checks",
      { do: "verify", with: { subject: 1 } },
      "missing-field /steps/a/verify",
    ],
    [
      "fields of other kinds are strays",
      { ...echo, wait: { for: "1s" } },
      "field-not-for-kind /steps/a/wait",
    ],
  ])("%s", (_rule, step, fault) => {
    expect(faultsOf({ a: step })).toEqual([fault]);
  });

  test("durations and times may be expressions", () => {
    const inputs = { pause: { type: "string" } } as const;
    expect(
      faultsOf(
        {
          a: { do: "wait", wait: { for: "${{ inputs.pause }}" } },
          b: { ...echo, at: "${{ inputs.pause }}" },
        },
        { inputs },
      ),
    ).toEqual([]);
  });
});

describe("expressions", () => {
  const inputs = { n: { type: "number" } } as const;

  test("see what stands before them, and what they were given", () => {
    expect(
      faultsOf(
        {
          a: { ...echo, verify: { checks: [{ expression: "output.n > inputs.n" }] } },
          b: {
            ...echo,
            needs: ["a"],
            forEach: "steps.a.output.list",
            when: "inputs.n > 1",
            with: { v: "${{ item }} ${{ index }}" },
          },
          c: { ...echo, needs: ["b"], with: { v: ["${{ steps.a.output }}", "$${{ plain }}"] } },
        },
        { inputs, answer: "steps.c.output" },
      ),
    ).toEqual([]);
  });

  test.each<[string, StepDocument, string]>([
    [
      "a step that is not there",
      { ...echo, with: { v: "${{ steps.nope.output }}" } },
      "unknown-reference /steps/b/with/v",
    ],
    [
      "a step that does not come before",
      { ...echo, when: "steps.a.status == 'x'" },
      "unknown-reference /steps/b/when",
    ],
    [
      "itself",
      { ...echo, verify: { checks: [{ expression: "steps.b.output == 1" }] } },
      "unknown-reference /steps/b/verify/checks/0/expression",
    ],
    [
      "an input that is not declared",
      { ...echo, with: { v: "${{ inputs.m }}" } },
      "unknown-input /steps/b/with/v",
    ],
    [
      "an item where there is none",
      { ...echo, with: { v: "${{ item }}" } },
      "unknown-name /steps/b/with/v",
    ],
    [
      "an item before the list is made",
      { ...echo, forEach: "[1]", when: "item == 1" },
      "unknown-name /steps/b/when",
    ],
    ["an output outside of checks", { ...echo, when: "output == 1" }, "unknown-name /steps/b/when"],
    ["a condition that is none", { ...echo, when: "size('x')" }, "expression-type /steps/b/when"],
    [
      "a check that is none",
      { ...echo, verify: { checks: [{ expression: "'yes'" }] } },
      "expression-type /steps/b/verify/checks/0/expression",
    ],
    [
      "a list that is none",
      { ...echo, forEach: { items: "1 + 1" } },
      "expression-type /steps/b/forEach/items",
    ],
    [
      "an optional without its end",
      { ...echo, with: { v: "${{ inputs.?n }}" } },
      "expression-type /steps/b/with/v",
    ],
    [
      "braces around a bare one",
      { ...echo, when: "${{ inputs.n > 1 }}" },
      "expression-syntax /steps/b/when",
    ],
    [
      "braces that are not closed",
      { ...echo, with: { v: ["${{ inputs.n"] } },
      "unclosed-expression /steps/b/with/v/0",
    ],
    [
      "one where nothing is filled in",
      { ...echo, title: "${{ inputs.n }}" },
      "expression-not-allowed /steps/b/title",
    ],
    [
      "one in the command of a check",
      {
        ...echo,
        verify: { checks: [{ command: { argv: ["test", "${{ steps.nope.output }}"] } }] },
      },
      "unknown-reference /steps/b/verify/checks/0/command/argv/1",
    ],
    [
      "one in a shell of a check",
      { ...echo, verify: { checks: [{ command: { run: "test ${{ output }}" } }] } },
      "expression-in-run /steps/b/verify/checks/0/command/run",
    ],
    [
      "one in a question",
      { do: "human", request: { kind: "approval", title: "${{ nope }}", assignees: ["role:x"] } },
      "unknown-name /steps/b/request/title",
    ],
  ])("%s", (_what, step, fault) => {
    expect(faultsOf({ a: echo, b: step }, { inputs })).toEqual([fault]);
  });

  test("the answer may look at every step, and at none that is not there", () => {
    expect(faultsOf({ a: echo }, { answer: "steps.b.output" })).toEqual([
      "unknown-reference /answer",
    ]);
  });

  test("a stand-in sees the failure that it stands in for", () => {
    const steps = {
      a: { ...echo, onFailure: { fallback: "f" } },
      f: { ...echo, with: { why: "${{ steps.a.error.message }}" } },
      b: { ...echo, needs: ["a"], when: "steps.f.status == 'skipped'" },
    } as const;
    expect(faultsOf(steps)).toEqual([]);
  });
});

describe("schemas and inputs", () => {
  test("schemas that are named must be there, and every schema must be one", () => {
    const schemas = { good: { type: "string" }, bad: { type: "strin" } };
    expect(
      faultsOf(
        {
          a: { ...echo, output: "goood" },
          b: { ...echo, output: { pattern: "(?=a)" }, verify: { checks: [{ schema: "nope" }] } },
        },
        { schemas },
      ),
    ).toEqual([
      "invalid-schema /schemas/bad/type",
      "unknown-schema /steps/a/output",
      "invalid-pattern /steps/b/output/pattern",
      "unknown-schema /steps/b/verify/checks/0/schema",
    ]);
  });

  test("defaults and choices of inputs must be of their type", () => {
    const inputs = {
      a: { type: "integer", default: 1.5 },
      b: { type: "string", enum: ["x", 1] },
      c: { type: "string", enum: ["x"], default: "y" },
      d: { type: "string", schema: { minLength: 3 }, default: "ab" },
      e: { type: "string", schema: { minLength: "3" } },
    } as const;
    expect(faultsOf({ a: echo }, { inputs })).toEqual([
      "invalid-input /inputs/a/default",
      "invalid-input /inputs/b/enum/1",
      "invalid-input /inputs/c/default",
      "invalid-input /inputs/d/default",
      "invalid-schema /inputs/e/schema/minLength",
    ]);
  });
});

describe("sub-plans", () => {
  test("are checked like their plan, with pointers into them", () => {
    const sub: PlanDocument = {
      plan: "B",
      steps: { x: { ...echo, needs: ["y"], with: { v: "${{ inputs.q }}" } } },
    };
    expect(faultsOf({ a: { do: "plan", plan: sub } })).toEqual([
      "unknown-need /steps/a/plan/steps/x/needs/0",
      "unknown-input /steps/a/plan/steps/x/with/v",
    ]);
  });
});

describe("warnings", () => {
  test("an effect that is not declared, where the tool does not declare it", () => {
    const steps = {
      a: { do: "command", with: { argv: ["ls"] } },
      b: { do: "tool", owner: "x" },
      c: { do: "tool", owner: "std.echo" },
    } as const;
    expect(warningsOf(steps)).toEqual([
      "undeclared-effect /steps/a",
      "undeclared-effect /steps/b",
      "undeclared-effect /steps/c",
    ]);
    expect(warningsOf(steps, {}, { tools: new Set(["std.echo", "x"]) })).toEqual([
      "undeclared-effect /steps/a",
    ]);
  });

  test("a plan that verifies nothing and does not say so", () => {
    expect(warningsOf({ a: echo }, { policy: {} })).toEqual(["no-verification "]);
    expect(
      warningsOf({ a: { ...echo, verify: { checks: [{ expression: "true" }] } } }, { policy: {} }),
    ).toEqual([]);
  });

  test("a question to nobody, and a yes by silence", () => {
    const request = {
      kind: "approval",
      title: "Go?",
      onTimeout: { answer: { approved: true } },
    } as const;
    expect(warningsOf({ a: { do: "human", request } })).toEqual([
      "no-assignee /steps/a/request",
      "approved-by-silence /steps/a/request/onTimeout",
    ]);
  });

  test("what is to happen on a failure, where a person's no or silence does not use it", () => {
    const request = { kind: "approval", title: "Go?", assignees: ["person:ada"] } as const;
    const human = { do: "human", request } as const;
    const choice = {
      kind: "choice",
      options: [{ value: "a" }],
      assignees: ["person:ada"],
    } as const;
    const late = { ...choice, title: "Which?", due: "1h" } as const;
    const other = { do: "wait", wait: { for: "1s" } } as const;
    const unused = (step: StepDocument) =>
      checkPlan({ plan: "A", steps: { a: step, b: other }, policy: { verification: "none" } })
        .warnings;
    const code = "unused-on-failure";
    const pointer = "/steps/a/onFailure";
    expect(unused({ ...human, onFailure: "ask" })).toEqual([
      { code, pointer, message: expect.stringMatching(/^a no fails the step/) },
    ]);
    expect(
      unused({ ...human, request: { ...request, due: "1h" }, onFailure: { fallback: "b" } }),
    ).toEqual([
      { code, pointer, message: expect.stringMatching(/^a no or an answer that does not come/) },
    ]);
    expect(unused({ do: "human", request: late, onFailure: "ask" })).toMatchObject([
      { code, message: expect.stringMatching(/^an answer that does not come in time/) },
    ]);
    expect(unused({ do: "human", request: late, approve: true, onFailure: "ask" })).toMatchObject([
      { code, message: expect.stringMatching(/^a no or an answer/) },
    ]);
    const list = { ...human, forEach: "[1]" } as const;
    expect(unused({ ...list, onFailure: "ask" })).toMatchObject([{ code }]);
    // Here it is used, or nothing could use it.
    expect(unused({ ...list, onFailure: { fallback: "b" } })).toEqual([]);
    expect(unused({ ...human, onFailure: "continue" })).toEqual([]);
    expect(
      unused({ do: "human", request: { ...late, onTimeout: "skip" }, onFailure: "ask" }),
    ).toEqual([]);
    expect(unused({ ...other, onFailure: "ask" })).toEqual([]);
  });

  test("steps that can never start, and those that need them", () => {
    expect(
      warningsOf({
        a: { ...echo, when: "1 > 2" },
        b: { ...echo, needs: ["a"] },
        c: { ...echo, needs: { any: ["a", "d"] } },
        d: { ...echo, when: "true" },
        e: { ...echo, needs: { all: ["a"], allow: ["skipped"] } },
      }),
    ).toEqual(["dead-step /steps/a/when", "dead-step /steps/b/needs"]);
  });
});

describe("size", () => {
  test("a plan of many steps is checked in time in proportion to it", () => {
    const steps: Record<string, StepDocument> = {};
    for (let index = 0; index < 20_000; index += 1) {
      const before =
        index === 0 ? {} : { needs: [`s${index - 1}`], with: { v: "${{ steps.s0.output }}" } };
      steps[`s${index}`] = { ...echo, ...before };
    }
    const begun = process.cpuUsage().user;
    const limits = { ...DEFAULT_LIMITS, stepsMax: 100_000 };
    expect(checkPlan({ plan: "Long", steps }, { limits }).faults).toEqual([]);
    expect(process.cpuUsage(undefined).user - begun).toBeLessThan(6_000_000);
  });

  test("more steps than allowed is one fault", () => {
    const steps = Object.fromEntries(
      Array.from({ length: 2001 }, (_, index) => [`s${index}`, pause]),
    );
    expect(faultsOf(steps)).toEqual(["too-many-steps /steps"]);
  });

  test("what the compiler has not seen is judged by its shape first", () => {
    const plan: PlanDocument = JSON.parse('{"plan": "A", "steps": {"a": {"do": "waits"}}}');
    expect(checkPlan(plan).faults).toMatchObject([
      { code: "unknown-value", pointer: "/steps/a/do" },
    ]);
  });
});
