import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

describe("a condition", () => {
  test("that holds lets the step go, one that does not skips it", () => {
    const trial = begin(
      { a: { when: "inputs.yes" }, b: { when: "!inputs.yes" } },
      { create: { inputs: { yes: true } } },
    );
    expect(trial.step("a").status).toBe("ready");
    expect(trial.step("b")).toMatchObject({ status: "skipped", reason: "condition" });
  });

  test.each([
    ["1", "`when` must come to true or false, not 1"],
    ["1 / 0 == 0", "`when`: "],
  ])("that comes to %s is no condition: the step fails", (when, message) => {
    const trial = begin({ a: { when, onFailure: "continue" } });
    expect(trial.last("step.failed").data.error.message).toContain(message);
  });

  test("is judged when the needs have been met, on what they brought", () => {
    const trial = begin({ a: {}, b: { needs: ["a"], when: "steps.a.output.go" } });
    trial.succeed("a", { go: false });
    expect(trial.step("b").status).toBe("skipped");
  });
});

describe("a step's own time", () => {
  test("keeps it in line until then", () => {
    const trial = begin({ a: { at: "2026-01-01T00:00:05Z" } });
    expect(trial.step("a")).toMatchObject({ status: "ready", notBefore: trial.now + 5000 });
    expect(trial.pass(4999).lease()).toEqual([]);
    expect(trial.pass(1).lease()).toEqual(["attempt.started a#1"]);
  });

  test("that has passed is no reason to wait", () => {
    const trial = begin(
      { a: { at: "${{ inputs.at }}" } },
      { create: { inputs: { at: "2020-01-01T00:00:00Z" } } },
    );
    expect(trial.step("a")).toMatchObject({ status: "ready", notBefore: null });
  });

  test.each([["tomorrow"], ["${{ 1 / 0 }}"], ["${{ {'a': 1} }}"]])(
    "that is none fails the step: %s",
    (at) => {
      const trial = begin({ a: { at, onFailure: "continue" } });
      expect(trial.step("a").status).toBe("failed");
    },
  );
});

describe("a step that needs no worker", () => {
  test("asks a person what its text says, with what it was handed", () => {
    const request = {
      kind: "choice",
      title: "Which for ${{ inputs.who }}?",
      message: "Of ${{ inputs.all }}",
      assignees: ["person:ada"],
      options: [{ value: "a", title: "First" }, { value: "b" }],
      due: "1h",
      onTimeout: { answer: "b" },
    } as const;
    const inputs = { who: "ada", all: [1, 2] };
    const trial = begin(
      { a: { do: "human", request, with: { n: "${{ inputs.all }}" } } },
      { create: { inputs } },
    );
    expect(trial.last("request.created").data).toMatchObject({
      kind: "choice",
      title: "Which for ada?",
      message: "Of [1,2]",
      reason: null,
      assignees: ["person:ada"],
      options: [
        { value: "a", title: "First" },
        { value: "b", title: "b" },
      ],
      dueAt: "2026-01-01T01:00:00.000Z",
      onTimeout: { kind: "answer", answer: "b" },
    });
    expect(trial.step("a")).toMatchObject({
      status: "waiting",
      reason: "request",
      input: { n: [1, 2] },
    });
  });

  test("shows what a title comes to, whatever it is", () => {
    const request = { kind: "approval", title: "${{ 1 + 1 }}" } as const;
    const trial = begin({ a: { do: "human", request } });
    expect(trial.last("request.created").data.title).toBe("2");
  });

  test.each([
    [{ request: { kind: "approval", title: "${{ 1 / 0 }}" } }],
    [{ request: { kind: "approval", title: "x", message: "${{ 1 / 0 }}" } }],
    [{ request: { kind: "approval", title: "x" }, with: { n: "${{ 1 / 0 }}" } }],
  ] as const)("asks nobody where its words cannot be filled in: %j", (step) => {
    const trial = begin({ a: { do: "human", ...step, onFailure: "continue" } });
    expect(trial.step("a")).toMatchObject({ status: "failed", error: { code: "expression" } });
    expect(trial.plan.openRequests).toBe(0);
  });

  test("binds each answer to the text of the plan, the step and what was shown", () => {
    const digestOf = (title: string, plan = "A plan", key = "a") => {
      const request = { kind: "approval", title } as const;
      return begin({ [key]: { do: "human", request } }, { text: { plan } }).last("request.created")
        .data.subjectDigest;
    };
    expect(digestOf("x")).toBe(digestOf("x"));
    const others = [digestOf("y"), digestOf("x", "B plan"), digestOf("x", "A plan", "b")];
    expect(new Set([digestOf("x"), ...others]).size).toBe(4);
  });

  test("begins its sub-plan with what it was handed, or fails where that cannot be made", () => {
    const plan = { plan: "Sub", steps: { a: { do: "agent" } } } as const;
    const trial = begin({ a: { do: "plan", plan, with: { n: "${{ 1 + 1 }}" } } });
    expect(trial.step("a")).toMatchObject({ reason: "sub-plan", input: { n: 2 } });
    expect(trial.step("a")).toHaveProperty(
      "childPlanId",
      expect.stringMatching(/^pln_[0-9a-f-]{36}$/),
    );
    const broken = begin({
      a: { do: "plan", plan, with: { n: "${{ 1 / 0 }}" }, onFailure: "continue" },
    });
    expect(broken.step("a").status).toBe("failed");
    const wait = begin({
      a: { do: "wait", wait: { for: "1m" }, with: { n: "${{ 1 / 0 }}" }, onFailure: "continue" },
    });
    expect(wait.step("a").status).toBe("failed");
  });
});
