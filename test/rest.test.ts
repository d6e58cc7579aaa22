import { expect, test } from "vitest";
import { createPlanwright } from "../src/create-planwright.ts";
import { definePlan } from "../src/format/define-plan.ts";

const POLICY = { approval: "none", verification: "none" } as const;

test("a plan whose sub-plan waits for a person waits for a person, and goes on with the answer", async () => {
  await using planwright = await createPlanwright({ store: ":memory:" });
  const inner = definePlan({
    plan: "Inner",
    steps: { agree: { do: "human", request: { kind: "approval", title: "Well?" } } },
  });
  const outer = definePlan({
    plan: "Outer",
    policy: POLICY,
    steps: { sub: { do: "plan", plan: inner } },
  });
  const result = await planwright.run(outer);
  expect(result).toMatchObject({ ok: true, rest: { kind: "needs-person" } });
  const { orchestrator, actor } = planwright;
  const [request] = (await orchestrator.requests({ status: ["open"] })).data;
  await orchestrator.decide(request?.id ?? "", actor, { answer: { approved: true } });
  const planId = result.ok ? result.view.plan.id : "";
  expect(await planwright.wait(planId)).toMatchObject({
    rest: { kind: "ended" },
    view: { plan: { status: "completed" } },
  });
});

test("a plan that nobody serves is blocked, not under way", async () => {
  await using planwright = await createPlanwright({ store: ":memory:" });
  const plan = definePlan({
    plan: "Far",
    policy: POLICY,
    steps: { far: { do: "tool", owner: "std.echo", pool: "gpu" } },
  });
  expect(await planwright.run(plan)).toMatchObject({ ok: true, rest: { kind: "blocked" } });
});

test("a store is idle when nothing in it moves soon by itself", async () => {
  await using planwright = await createPlanwright({ store: ":memory:" });
  const nap = (time: string) =>
    definePlan({ plan: time, policy: POLICY, steps: { nap: { do: "wait", wait: { for: time } } } });
  const near = await planwright.submit(nap("100ms"), { start: true });
  const far = await planwright.submit(nap("1h"), { start: true });
  await planwright.untilIdle(60_000);
  const statusOf = async (answer: typeof near) =>
    answer.ok ? (await planwright.orchestrator.get(answer.plan.id))?.plan.status : null;
  expect(await statusOf(near)).toBe("completed");
  expect(await statusOf(far)).toBe("executing");
});

test("under the same key the same text is the same plan, and another text is refused", async () => {
  await using planwright = await createPlanwright({ store: ":memory:" });
  const { orchestrator, actor } = planwright;
  const origin = { kind: "library", trust: "operator" } as const;
  const make = (name: string) => {
    const document = definePlan({ plan: name, steps: { a: { do: "tool", owner: "std.echo" } } });
    return orchestrator.create({ document, origin, idempotencyKey: "one" }, actor);
  };
  const first = await make("First");
  expect(await make("First")).toEqual(first);
  expect(await make("Second")).toMatchObject({ ok: false, refusal: { code: "already-exists" } });
});
