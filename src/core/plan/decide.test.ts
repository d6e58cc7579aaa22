import type { Json } from "../json.ts";
import { findForbiddenKey } from "../forbidden-key.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { canonicalJson } from "../canonical-json.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { BEGAN_AT, BOT, Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { decide } from "./decide.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

describe("a decision", () => {
  test("changes nothing, and comes out the same however often it is taken", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] } });
    trial.lease();
    const report = trial.reportOf("a", { kind: "succeeded", output: { n: 1 } });
    const head = {
      id: "cmd_x",
      planId: "pln_1",
      at: trial.now,
      actor: report.actor ?? { kind: "worker", id: "wrk_1" },
    };
    const before = [...trial.plan.steps.entries()];
    const first = decide(trial.plan, { ...head, ...report }, TEST_PURE);
    expect(decide(trial.plan, { ...head, ...report }, TEST_PURE)).toEqual(first);
    expect([...trial.plan.steps.entries()]).toEqual(before);
    expect(trial.plan.lanes.states().map(({ ready }) => ready)).toEqual([0]);
  });

  test("never writes a time before that of the last event", () => {
    const trial = begin({ a: {} }).pass(5000);
    trial.lease();
    trial.now = BEGAN_AT - 60_000;
    trial.succeed("a");
    const times = trial.events.map((event) => event.time);
    expect(times.toSorted()).toEqual(times);
    expect(trial.last("plan.completed").time).toBe("2026-01-01T00:00:05.000Z");
  });

  test("numbers its events without gaps and says who caused them, and in which trace", () => {
    const trial = begin({ a: {} }, { upTo: "approved" });
    trial.must({ type: "plan.start", traceparent: "00-0af7-b7ad-01" });
    expect(trial.events.map((event) => event.seq)).toEqual(trial.events.map((_, at) => at + 1));
    expect(trial.last("step.readied")).toMatchObject({
      id: "pln_1/7",
      v: 1,
      tenantId: "acme",
      planId: "pln_1",
      actor: { kind: "person", id: "ada" },
      traceparent: "00-0af7-b7ad-01",
    });
    expect(trial.events[0]).not.toHaveProperty("traceparent");
  });

  test("derives the ids that it needs from its command", () => {
    const ids = [1, 2].map(() => begin({ a: { approve: true }, b: { approve: true } }));
    const [first, second] = ids.map((trial) => [trial.request("a"), trial.request("b")]);
    expect(first).toEqual(second);
    expect(new Set(first).size).toBe(2);
  });

  test("that is refused leaves nothing behind, not even what came before the refusal", () => {
    const trial = begin({ a: {} }, { upTo: "draft" });
    expect(trial.try({ type: "plan.start" })).toMatchObject({ ok: false, events: [] });
    const head = { id: "cmd_1", planId: "pln_2", at: 0, actor: BOT } as const;
    const decision = decide(null, { ...head, ...makeOf("started") }, TEST_PURE);
    expect(decision).toMatchObject({ ok: false, refusal: { code: "forbidden" }, events: [] });
  });

  test("needs the plan, and its making needs that there is none", () => {
    const head = {
      id: "cmd_1",
      planId: "pln_2",
      at: 0,
      actor: { kind: "person", id: "ada" },
    } as const;
    const missing = decide(null, { ...head, type: "plan.start" }, TEST_PURE);
    expect(missing).toMatchObject({ refusal: { code: "not-found", message: "no plan pln_2" } });
    const again = begin({ a: {} }).refused(makeOf("draft"));
    expect(again).toBe("already-exists");
  });
});

function makeOf(begin: "draft" | "started") {
  return {
    type: "plan.create",
    tenantId: "acme",
    document: { plan: "p", steps: { a: { do: "agent" } } },
    inputs: {},
    pins: { tools: {} },
    origin: { kind: "library", trust: "operator" },
    limits: DEFAULT_LIMITS,
    begin,
  } as const;
}

describe("the digest of a text", () => {
  const digestOf = (steps: Steps, options: Partial<TrialOptions> = {}) =>
    begin(steps, { upTo: "draft", ...options }).revision.digest;
  const steps = { a: { with: { text: "x" } }, b: { needs: ["a"] } };

  test("is the same for the same text, in whatever order it was written", () => {
    const turned = { b: { needs: ["a"] }, a: { with: { text: "x" } } };
    expect(digestOf(steps)).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(turned)).toBe(digestOf(steps));
  });

  test("changes with the text, with the inputs and with what is pinned", () => {
    const others = [
      digestOf({ ...steps, a: { with: { text: "y" } } }),
      digestOf({ ...steps, c: {} }),
      digestOf(steps, { text: { objective: "other" } }),
      digestOf(steps, { create: { inputs: { n: 1 } } }),
      digestOf(steps, { create: { inputs: { n: 2 } } }),
      digestOf(steps, { create: { pins: { tools: { work: { effect: "none" } } } } }),
      digestOf(steps, { create: { pins: { tools: { work: { effect: "once" } } } } }),
    ];
    expect(new Set([digestOf(steps), ...others]).size).toBe(8);
  });

  test("tells any two inputs apart that differ as JSON", () => {
    const value = fc
      .jsonValue({ maxDepth: 2 })
      .map((json): Json => JSON.parse(JSON.stringify(json)))
      .filter((json) => findForbiddenKey(json) === null);
    fc.assert(
      fc.property(value, value, (left, right) => {
        const [one, two] = [left, right].map((n) =>
          digestOf({ a: {} }, { create: { inputs: { n } } }),
        );
        expect(one === two).toBe(canonicalJson(left) === canonicalJson(right));
      }),
      { numRuns: 50 },
    );
  });
});
