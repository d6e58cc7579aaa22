import assert from "node:assert/strict";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { StepDocument } from "../../core/plan/document.ts";
import { onStore, planOf, tool, WORKER, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const ROUNDS = 60;
const PLANS = ["pln_1", "pln_2", "pln_3"];
const STEPS = ["a", "b", "c", "d", "pause", "ask"];

const DOCUMENT = planOf(
  {
    a: [],
    b: tool([], { onFailure: "continue", priority: 3 }),
    c: tool(["a"], { retry: { attempts: 2, first: "1s" } }),
    d: tool(["b", "c"], { needs: { any: ["b", "c"] } }),
    pause: { do: "wait", wait: { for: "5s" }, needs: ["a"] } satisfies StepDocument,
    ask: { do: "human", request: { kind: "approval", title: "Go on?" } } satisfies StepDocument,
  },
  { concurrency: 3 },
);

/**
 * Work in no particular order, from a seed: whatever comes, rows are what the events add up to, in
 * a store that keeps folded plans as in one that keeps none.
 */
export const randomWork: ContractPart = (options) => {
  const { describe, test } = options;
  describe("after work in no particular order", () => {
    for (const seed of SEEDS) {
      const limits = seed % 2 === 0 ? { activeMax: 0, idleMax: 0 } : undefined;
      test(
        `the rows of a store are what its events add up to (seed ${seed})`,
        onStore(options, (fixture) => work(fixture, seed), limits),
      );
    }
  });
};

async function work(fixture: Fixture, seed: number): Promise<void> {
  const draw = generator(seed);
  for (const id of PLANS) await fixture.start(id, DOCUMENT);
  for (let round = 0; round < ROUNDS; round += 1) {
    const commands = Array.from({ length: 1 + draw(4) }, () => anyCommand(fixture, draw));
    await Promise.all(commands.map((command) => fixture.commit(command)));
    fixture.pass(draw(3000));
  }
  assert.deepEqual(await fixture.stores.check(), []);
  await agreesWithFeed(fixture);
}

/** The feed holds the events of every plan, each plan's in their order. */
async function agreesWithFeed(fixture: Fixture): Promise<void> {
  const { events } = await fixture.store.feed(null, 10_000);
  for (const id of PLANS) {
    const own = events.filter(({ planId }) => planId === id);
    assert.deepEqual(own, await fixture.store.events(id));
  }
}

type Draw = (below: number) => number;

function anyCommand(fixture: Fixture, draw: Draw): PlanCommand {
  const planId = PLANS[draw(PLANS.length)] ?? "";
  const stepKey = STEPS[draw(STEPS.length)] ?? "";
  const attempt = 1 + draw(2);
  switch (draw(9)) {
    case 0:
    case 1:
    case 2:
      return fixture.leaseCommand(planId, 1 + draw(3));
    case 3:
    case 4:
      return fixture.reportCommand(planId, stepKey, { attempt, output: { drawn: draw(100) } });
    case 5: {
      const error = { code: "broken", message: "it broke", retryable: draw(2) === 0 };
      return fixture.reportCommand(planId, stepKey, {
        attempt,
        outcome: { kind: "failed", error },
      });
    }
    case 6:
      return fixture.command("timer.fire", { planId, data: { stepKey } });
    case 7:
      return fixture.command("attempt.lose", {
        planId,
        data: { stepKey, attempt, reason: "worker-gone" },
      });
    default:
      return draw(2) === 0
        ? fixture.command("plan.pause", { planId, data: {} })
        : fixture.command("plan.resume", { planId, data: {} });
  }
}

/** Numbers that follow from a seed (a linear congruence modulo 2^31). */
function generator(seed: number): Draw {
  let state = seed * 7919 + WORKER.length;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
}
