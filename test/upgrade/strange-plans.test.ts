import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { PlanDocument, StepDocument } from "../../src/core/plan/document.ts";
import { createPlanwright } from "../../src/create-planwright.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import type { Executor } from "../../src/engine/executor.ts";
import { defineTool } from "../../src/executor/tool/define-tool.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openMemory } from "../../src/store/memory/open-memory.ts";
import { StoreFault, type Stores } from "../../src/store/store.ts";
import { interceptStores, type Intercept } from "../../src/testing/intercept-stores.ts";
import { House } from "../engine/house.ts";

type Steps = Readonly<Record<string, StepDocument>>;

const STEP: StepDocument = { do: "command", with: { argv: ["make"] }, effect: "repeatable" };
const PAUSE: StepDocument = { do: "wait", wait: { for: "1s" } };
const INNER: PlanDocument = { plan: "Inner", steps: { a: STEP } };
/** More than one look at what is due brings of each sort. */
const MANY = 150;
const PATIENCE_MS = 10_000;

/** Stands before a store in which a later release has written into some plans. */
class Strange {
  readonly plans = new Set<string>();
  /** Of which plans something was asked, how often. */
  readonly asked = new Map<string, number>();

  readonly intercept: Intercept = async ({ command, operation }, run) => {
    if (operation !== "commit" || command === undefined || !this.plans.has(command.planId)) {
      return run();
    }
    this.asked.set(command.planId, (this.asked.get(command.planId) ?? 0) + 1);
    throw new StoreFault("unknown-event", `${command.planId}/9 is plan.starred in shape 1`);
  };
}

/** A worker with two slots, of which steps called `hold` keep one each until they are let go. */
function open(strange: Strange) {
  const hold = Promise.withResolvers<void>();
  const execute: Executor["execute"] = async ({ stepKey }) => {
    if (stepKey.startsWith("hold")) await hold.promise;
    return { kind: "succeeded", output: null };
  };
  const house = new House({ execute, concurrency: 2, intercept: () => strange.intercept });
  return { house, letGo: hold.resolve };
}

async function beginMany(house: House, steps: Steps, count = MANY): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await house.begin(steps));
  return ids;
}

async function lastOf(house: House, planId: string): Promise<string | undefined> {
  return (await house.eventsOf(planId)).at(-1)?.type;
}

describe("P22: a worker goes on beside plans that only a later release can carry on", () => {
  test("however many of their steps stand before the others", async () => {
    const strange = new Strange();
    const { house, letGo } = open(strange);
    await house.begin({ hold1: STEP, hold2: STEP });
    await house.clock.advance(10);
    const ids = await beginMany(house, { a: STEP });
    const good = await house.begin({ a: STEP, b: { ...STEP, needs: ["a"] } });
    for (const id of ids) strange.plans.add(id);
    letGo();
    await house.clock.advance(PATIENCE_MS);
    expect(await lastOf(house, good)).toBe("plan.completed");
    expect([...strange.asked.keys()].toSorted()).toEqual(ids.toSorted());
    expect([...strange.asked.values()].every((times) => times === 1)).toBe(true);
  });

  test("however many of their timers are due before the others'", async () => {
    const strange = new Strange();
    const { house } = open(strange);
    const ids = await beginMany(house, { pause: PAUSE });
    const good = await house.begin({ pause: PAUSE, a: { ...STEP, needs: ["pause"] } });
    for (const id of ids) strange.plans.add(id);
    await house.clock.advance(PATIENCE_MS);
    expect(await lastOf(house, good)).toBe("plan.completed");
    expect(strange.asked.size).toBe(MANY);
  });

  test("however many messages to them have not been delivered", async () => {
    const strange = new Strange();
    const { house, letGo } = open(strange);
    await house.begin({ hold1: STEP, hold2: STEP });
    const ids = await beginMany(house, { sub: { do: "plan", plan: INNER } });
    await house.clock.advance(10);
    for (const id of ids) strange.plans.add(id);
    letGo();
    await house.clock.advance(100);
    const good = await house.begin({ sub: { do: "plan", plan: INNER } });
    await house.clock.advance(PATIENCE_MS);
    expect(await lastOf(house, good)).toBe("plan.completed");
    expect(strange.asked.size).toBe(MANY);
  });

  test("and looks at them again after a while: they may be in order by then", async () => {
    const strange = new Strange();
    const { house } = open(strange);
    const [id = ""] = await beginMany(house, { pause: PAUSE }, 1);
    strange.plans.add(id);
    await house.clock.advance(PATIENCE_MS);
    strange.plans.clear();
    await house.clock.advance(120_000);
    expect(await lastOf(house, id)).toBe("plan.completed");
  });

  test("and what it carried out of them keeps no slot", async () => {
    const strange = new Strange();
    const { house, letGo } = open(strange);
    const ids = await beginMany(house, { hold1: STEP, hold2: STEP }, 1);
    await house.clock.advance(10);
    for (const id of ids) strange.plans.add(id);
    letGo();
    const good = await house.begin({ a: STEP });
    await house.clock.advance(PATIENCE_MS);
    expect(await lastOf(house, good)).toBe("plan.completed");
  });
});

describe("P22: a worker that begins beside plans that only a later release can carry on", () => {
  /** Until it is told to stop. */
  const hang = defineTool({
    name: "test.hang",
    effect: "repeatable",
    execute: (_input, { signal, attempt }) => {
      if (attempt > 1) return "done";
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("told to stop")));
      });
    },
  });

  test("takes over what others have left, stops when nothing moves, and tells of it", async () => {
    const clock = createSystemRuntime();
    const pure = createPure((text) => hash("sha256", text));
    const stores = openMemory({ clock, pure, sha256: (content) => hash("sha256", content) });
    const strange = new Strange();
    const left = await leaveUnderWay(stores, 3);
    const [mine = "", ...others] = left;
    strange.plans.add(mine);
    const told: unknown[] = [];
    await using second = await createPlanwright({
      store: interceptStores(stores, strange.intercept),
      tools: [hang],
      onFault: (error) => told.push(error),
    });
    await second.untilIdle(0);
    const statusOf = (planId: string) =>
      stores.forTenant("default").read(planId, ({ status }) => status);
    expect(await Promise.all(others.map(statusOf))).toEqual(["completed", "completed"]);
    expect(await statusOf(mine)).toBe("executing");
    expect(told).toMatchObject([{ code: "unknown-event" }]);
  });

  /** Plans with an attempt each whose worker has died. */
  async function leaveUnderWay(stores: Stores, count: number): Promise<readonly string[]> {
    const begun = Promise.withResolvers<void>();
    let starts = 0;
    const dying: Intercept = async ({ command }, run) => {
      if (command?.type !== "attempt.lose") return run();
      throw new StoreFault("closed", "it dies before it lets go");
    };
    const first = await createPlanwright({
      store: interceptStores(stores, dying),
      tools: [hang],
      graceMs: 1,
    });
    using _listening = first.onCommit((events) => {
      starts += events.filter(({ type }) => type === "attempt.started").length;
      if (starts === count) begun.resolve();
    });
    const ids: string[] = [];
    while (ids.length < count) {
      const steps = { a: { do: "tool", owner: "test.hang" } } as const;
      const plan = { plan: "Left", policy: { approval: "none" }, steps } as const;
      const submitted = await first.submit(plan, { start: true });
      if (!submitted.ok) throw new Error(submitted.refusal.message);
      ids.push(submitted.plan.id);
    }
    await begun.promise;
    await first.drain(0);
    return ids;
  }
});
