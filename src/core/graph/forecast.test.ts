import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { PlanDocument, StepDocument } from "../plan/document.ts";
import type { Pins } from "../plan/plan.ts";
import { forecastPlan, type Forecast } from "./forecast.ts";

const ECHO = { do: "tool", owner: "std.echo" } as const;
const PINS: Pins = { tools: { "std.echo": { effect: "none" }, "mail.send": { effect: "once" } } };

function foretell(
  steps: Readonly<Record<string, StepDocument>>,
  rest: Partial<PlanDocument> = {},
): Forecast {
  return forecastPlan({ plan: "A plan", steps, ...rest }, PINS, DEFAULT_LIMITS);
}

function ask(due?: string): StepDocument {
  const time = due === undefined ? {} : { due };
  return { do: "human", request: { kind: "approval", title: "Well?", ...time } };
}

describe("the forecast of a plan", () => {
  test("tells which steps may start together", () => {
    const { layers, stepCount } = foretell({
      last: { ...ECHO, needs: ["left", "right"] },
      left: { ...ECHO, needs: ["first"] },
      right: { ...ECHO, needs: ["first"] },
      first: ECHO,
      beside: ECHO,
    });
    expect(layers).toEqual([["first", "beside"], ["left", "right"], ["last"]]);
    expect(stepCount).toBe(5);
  });

  test("puts a stand-in after the step that it stands in for", () => {
    const { layers } = foretell({
      spare: ECHO,
      main: { ...ECHO, onFailure: { fallback: "spare" } },
    });
    expect(layers).toEqual([["main"], ["spare"]]);
  });

  test("names the longest chain, with the chain inside a sub-plan", () => {
    const inner = { plan: "Inner", steps: { a: ECHO, b: { ...ECHO, needs: ["a"] } } };
    const { criticalPath, stepCount } = foretell({
      first: ECHO,
      second: { ...ECHO, needs: ["first"] },
      sub: { do: "plan", plan: inner, needs: ["first"] },
      last: { ...ECHO, needs: { any: ["second", "sub"] } },
    });
    expect(criticalPath).toEqual(["first", "sub", "sub/a", "sub/b", "last"]);
    expect(stepCount).toBe(6);
  });

  test("knows that nobody is asked", () => {
    expect(foretell({ first: ECHO }).peopleWait).toBeNull();
  });

  test("adds up the times that people have along the slowest chain", () => {
    const { peopleWait } = foretell({
      agree: ask("1h"),
      publish: { ...ECHO, needs: ["agree"], approve: { due: "30m" } },
      other: ask("80m"),
    });
    expect(peopleWait).toEqual({ steps: ["agree", "publish"], atMostMs: 90 * 60_000 });
  });

  test("says where a question may stay open for ever", () => {
    const { peopleWait } = foretell({ agree: ask(), other: ask("80h") });
    expect(peopleWait).toEqual({ steps: ["agree"], atMostMs: null });
    expect(foretell({ publish: { ...ECHO, approve: true } }).peopleWait).toEqual({
      steps: ["publish"],
      atMostMs: null,
    });
  });

  test("counts the questions of sub-plans", () => {
    const inner = { plan: "Inner", steps: { agree: ask("2h") } };
    const { peopleWait, owners } = foretell({
      sub: { do: "plan", plan: inner, approve: { due: "1h", assignees: ["role:editor"] } },
    });
    expect(peopleWait).toEqual({ steps: ["sub", "sub/agree"], atMostMs: 3 * 3_600_000 });
    expect(owners).toEqual([{ owner: "role:editor", steps: ["sub"] }]);
  });

  test("passes through a sub-plan that asks nobody", () => {
    const inner = { plan: "Inner", steps: { a: ECHO } };
    const { peopleWait } = foretell({
      agree: ask("1h"),
      sub: { do: "plan", plan: inner, needs: ["agree"] },
      review: { ...ask("1h"), needs: ["sub"] },
    });
    expect(peopleWait).toEqual({ steps: ["agree", "review"], atMostMs: 2 * 3_600_000 });
  });

  test("tells where a crash may leave an effect in doubt, and who says so", () => {
    const inner = { plan: "Inner", steps: { mail: { do: "tool", owner: "mail.send" } as const } };
    const { effects } = foretell({
      echo: ECHO,
      build: { do: "command", effect: "repeatable" },
      push: { do: "command" },
      call: { do: "tool" },
      sub: { do: "plan", plan: inner },
    });
    expect(effects).toEqual([
      { stepKey: "build", effect: "repeatable", origin: "text" },
      { stepKey: "push", effect: "once", origin: "default" },
      { stepKey: "call", effect: "once", origin: "default" },
      { stepKey: "sub/mail", effect: "once", origin: "tool" },
    ]);
  });

  test("lists what belongs to whom, and what is done once per item of a list", () => {
    const inner = { plan: "Inner", steps: { each: { ...ECHO, forEach: "inputs.names" } } };
    const { owners, lists } = foretell({
      each: { ...ECHO, forEach: "[1, 2]" },
      agree: { ...ask(), owner: "ada" },
      sub: { do: "plan", plan: inner },
    });
    expect(owners).toEqual([
      { owner: "std.echo", steps: ["each", "sub/each"] },
      { owner: "ada", steps: ["agree"] },
    ]);
    expect(lists).toEqual(["each", "sub/each"]);
  });

  test("gives every value of the policy with its origin", () => {
    const { policy } = foretell(
      { first: ECHO },
      { policy: { approval: "none", retry: { attempts: 1 }, budget: { wall: "90m" } } },
    );
    expect(policy).toEqual([
      { name: "approval", value: "none", origin: "text" },
      { name: "verification", value: "none", origin: "default" },
      { name: "concurrency", value: 5, origin: "default" },
      { name: "retry.attempts", value: 1, origin: "text" },
      { name: "retry.first", value: "1s", origin: "default" },
      { name: "retry.factor", value: 2, origin: "default" },
      { name: "retry.max", value: "1m", origin: "default" },
      { name: "budget.wall", value: "1h30m", origin: "text" },
      { name: "onRequest", value: "continue", origin: "default" },
    ]);
  });

  test("needs no more than a moment for 20,000 steps in a row", () => {
    const steps: Record<string, StepDocument> = { s0: ECHO };
    for (let i = 1; i < 20_000; i += 1) steps[`s${i}`] = { ...ECHO, needs: [`s${i - 1}`] };
    expect(foretell(steps).criticalPath).toHaveLength(20_000);
  });
});
