import { expect, test } from "vitest";
import { checkShared } from "../../src/core/history/check-shared.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import type { LimitKey } from "../../src/core/shared/limit-key.ts";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { createPlanwright } from "../../src/create-planwright.ts";
import { House } from "./house.ts";

const WORK_MS = 10_000;

function step(more: Partial<StepDocument> = {}): StepDocument {
  return { do: "command", with: { argv: ["make"] }, effect: "repeatable", ...more };
}

/** Every attempt takes ten seconds of the house's time. */
function busyHouse(): House {
  const house: House = new House({
    concurrency: 32,
    execute: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      house.runtime.setTimer(WORK_MS, resolve);
      await promise;
      return { kind: "succeeded", output: null };
    },
  });
  return house;
}

async function allEvents(house: House): Promise<readonly PlanEvent[]> {
  return house.clock.complete(
    async () => (await house.store.forTenant("acme").feed(null, 1000)).events,
  );
}

function starts(events: readonly PlanEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type === "attempt.started")
    .map(({ planId, stepKey }) => `${planId} ${stepKey}`);
}

test("work of many plans under one cap never goes beyond it, and never rests while there is room", async () => {
  const house = busyHouse();
  const store = house.store.forTenant("acme");
  await house.clock.complete(() => store.changeLimit("tenant", { kind: "set", max: 2 }));
  const plans: string[] = [];
  for (let count = 0; count < 6; count += 1) {
    plans.push(await house.begin({ a: step(), b: step({ needs: ["a"] }) }));
  }
  // Twelve attempts, two at a time, and nothing in between.
  await house.clock.advance((12 / 2) * WORK_MS);
  const events = await allEvents(house);
  expect(events.filter(({ type }) => type === "plan.completed")).toHaveLength(6);
  const revision = await house.clock.complete(() => store.revision(plans[0] ?? "", 1));
  if (revision === null) throw new Error("a plan has no text");
  const limits = [{ tenantId: "acme", key: "tenant", max: 2 }];
  expect(checkShared([events], { limits, textOf: () => revision })).toEqual([]);
});

test("room that comes back is for the most urgent in line, whoever gave it back", async () => {
  const house = busyHouse();
  const store = house.store.forTenant("acme");
  await house.clock.complete(() => store.changeLimit("pool:default", { kind: "set", max: 1 }));
  const first = await house.begin({ a: step(), b: step({ needs: ["a"] }) });
  await house.clock.advance(1000);
  const urgent = await house.begin({ a: step({ priority: 9 }) });
  await house.clock.advance(3 * WORK_MS);
  expect(starts(await allEvents(house))).toEqual([`${first} a`, `${urgent} a`, `${first} b`]);
});

test("a tenant that was stopped goes on within a second when it is started", async () => {
  const house = busyHouse();
  const store = house.store.forTenant("acme");
  await house.clock.complete(() => store.changeLimit("tenant", { kind: "stop", reason: "wild" }));
  const plan = await house.begin({ a: step() });
  await house.clock.advance(60_000);
  expect(starts(await allEvents(house))).toEqual([]);
  expect(await house.clock.complete(() => house.orchestrator.explain(plan))).toMatchObject([
    { code: "limit", message: "tenant acme stopped: wild", unblock: "tenant start acme" },
  ]);
  await house.clock.complete(() => store.changeLimit("tenant", { kind: "start" }));
  await house.clock.advance(1000);
  expect(starts(await allEvents(house))).toEqual([`${plan} a`]);
});

test("a run that only somebody's word lets go on comes back and says so; raised, it goes on", async () => {
  await using planwright = await createPlanwright({ store: ":memory:" });
  const steps = { a: { do: "tool", owner: "std.echo" } } as const;
  const document = { plan: "Held", policy: { approval: "none" }, steps } as const;
  await planwright.limits.set("budget:attempts", 0);
  const held = await planwright.run(document, { idempotencyKey: "held" });
  expect(held).toMatchObject({ ok: true, rest: { kind: "blocked" } });
  await planwright.limits.set("budget:attempts", 1);
  expect(await planwright.wait("pln_held")).toMatchObject({ ok: true, rest: { kind: "ended" } });
  expect(await planwright.limits.list()).toEqual([
    { key: "budget:attempts", max: 1, used: 1, stopped: null },
  ]);
  await planwright.limits.clear("budget:attempts");
  await planwright.limits.stop("enough");
  const stopped = await planwright.run(document);
  expect(stopped).toMatchObject({ ok: true, rest: { kind: "blocked" } });
  await planwright.limits.start();
  expect(await planwright.limits.list()).toEqual([]);
});

test("a key that is none is refused with the forms that there are", async () => {
  await using planwright = await createPlanwright({ store: ":memory:", carryOut: false });
  const key: LimitKey = JSON.parse('"gpu"');
  expect(() => planwright.limits.set(key, 1)).toThrow(/"gpu" is no key of a limit: .*pool:NAME/);
});
