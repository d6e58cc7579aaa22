import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import type { RequestDocument } from "../plan/document.ts";
import type { Json } from "../json.ts";
import { BOT, Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const asking = (request: Partial<RequestDocument>, options: Partial<TrialOptions> = {}) =>
  begin({ a: { do: "human", request: { kind: "approval", title: "Go?", ...request } } }, options);
const decide = (trial: Trial, answer: Json, comment?: string) =>
  ({
    type: "request.decide",
    requestId: trial.request("a"),
    answer,
    ...(comment === undefined ? {} : { comment }),
  }) as const;

describe("an answer", () => {
  test("is recorded once, and is the step's output, with who gave it and when", () => {
    const trial = asking({});
    const wish = decide(trial, { approved: true }, "Looks good");
    expect(trial.must(wish)).toEqual(["request.decided a", "step.succeeded a", "plan.completed"]);
    expect(trial.step("a")).toMatchObject({
      output: { approved: true, by: "ada", at: "2026-01-01T00:00:00.000Z", comment: "Looks good" },
    });
    expect(trial.plan.requests.get(wish.requestId)).toMatchObject({
      status: "decided",
      decision: {
        answer: { approved: true },
        comment: "Looks good",
        by: "person",
        actor: { kind: "person", id: "ada" },
        at: trial.now,
      },
    });
    expect(trial.try(wish)).toMatchObject({
      refusal: {
        code: "not-allowed",
        message: expect.stringContaining("is decided by ada; a request is settled once"),
      },
    });
  });

  test("moves its own step alone", () => {
    const request = { kind: "approval", title: "Go?" } as const;
    const trial = begin({ a: { do: "human", request }, b: { do: "human", request } });
    trial.answer("b", { approved: true });
    expect(trial.step("a").status).toBe("waiting");
  });

  test("of no fails the step, and says who said so", () => {
    const trial = asking({ kind: "review" });
    expect(trial.must(decide(trial, { approved: false }))).toContain("step.failed a (rejected)");
    expect(trial.plan.error?.message).toBe("rejected by ada");
  });

  test("fills in a form, and stands under a name of its own", () => {
    const form = { type: "object", required: ["by"], properties: { by: { type: "string" } } };
    const trial = asking({ kind: "input", form });
    expect(trial.try(decide(trial, { by: 1 }))).toMatchObject({
      refusal: {
        code: "invalid-input",
        message: expect.stringContaining("the answer does not fit the form: /by: "),
        faults: [{ pointer: "/by" }],
      },
    });
    expect(trial.try(decide(trial, {}))).toMatchObject({
      refusal: { message: expect.stringContaining("/: ") },
    });
    trial.must(decide(trial, { by: "bob" }));
    expect(trial.step("a")).toMatchObject({ output: { values: { by: "bob" }, by: "ada" } });
  });

  test("to a question without a form may be anything, also from an agent", () => {
    const trial = asking({ kind: "input" });
    trial.must({ ...decide(trial, [1, 2]), actor: BOT });
    expect(trial.step("a")).toMatchObject({ output: { values: [1, 2], by: "bot" } });
  });

  test.each<[RequestDocument["kind"], Json, string]>([
    ["approval", true, "the answer to an approval is { approved: true } or { approved: false }"],
    ["approval", { approved: "yes" }, "the answer to an approval is"],
    ["review", null, "the answer to an approval is"],
    ["choice", "up", "choose one of left, right"],
    ["choice", { choice: 1 }, "choose one of left, right"],
    ["choice", null, "choose one of left, right"],
  ])("to %s that does not fit is refused: %j", (kind, answer, message) => {
    const options = [{ value: "left" }, { value: "right" }];
    const trial = asking(kind === "choice" ? { kind, options } : { kind });
    expect(trial.try(decide(trial, answer))).toMatchObject({
      refusal: { code: "invalid-input", message: expect.stringContaining(message) },
      events: [],
    });
  });

  test("to a choice is one of its values, however it is wrapped", () => {
    const options = [{ value: "left" }, { value: "right" }];
    const plain = asking({ kind: "choice", options });
    plain.must(decide(plain, "left"));
    expect(plain.step("a")).toMatchObject({ output: { choice: "left" } });
    const wrapped = asking({ kind: "choice", options });
    wrapped.must(decide(wrapped, { choice: "right", why: "x" }));
    expect(wrapped.step("a")).toMatchObject({ output: { choice: "right" } });
  });

  test("that is too large to keep is refused, its remark counted in", () => {
    const trial = asking({ kind: "input" }, { limits: { valueBytesMax: 100 } });
    expect(trial.try(decide(trial, "x", "y".repeat(60)))).toMatchObject({
      refusal: { code: "invalid-input", faults: [{ code: "too-large", pointer: "/answer" }] },
    });
    expect(trial.refused(decide(trial, "x"))).toBe("accepted");
  });
});

describe("an answer is refused", () => {
  test("to a request that there is not, or that was taken back", () => {
    const trial = asking({});
    const wish = decide(trial, { approved: true });
    expect(trial.refused({ ...wish, requestId: "req_x" })).toBe("not-found");
    trial.must({ type: "step.skip", stepKey: "a", reason: "" });
    expect(trial.try(wish)).toMatchObject({
      refusal: { message: expect.stringContaining("is closed; a request is settled once") },
    });
  });

  test("by an agent, but for what is merely filled in", () => {
    for (const kind of ["approval", "review", "choice"] as const) {
      const trial = asking({ kind, ...(kind === "choice" ? { options: [{ value: "x" }] } : {}) });
      expect(trial.refused({ ...decide(trial, { approved: true }), actor: BOT })).toBe("forbidden");
    }
  });

  test("to something else than was looked at", () => {
    const trial = asking({});
    const { subjectDigest } = trial.last("request.created").data;
    const wish = decide(trial, { approved: true });
    expect(trial.try({ ...wish, subjectDigest: "other" })).toMatchObject({
      refusal: { code: "stale-digest", current: subjectDigest },
    });
    expect(trial.refused({ ...wish, subjectDigest })).toBe("accepted");
  });
});
