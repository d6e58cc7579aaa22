import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { snapshotPlan } from "../../testing/snapshot-plan.ts";
import {
  bringToRest,
  drawSteps,
  drawText,
  drawWish,
  Tape,
  TIGHT,
} from "../random-trial.test-helper.ts";
import { isGivenBack, type LimitKey } from "../shared/limit-key.ts";
import { Trial } from "../trial.test-helper.ts";
import type { Decision } from "./decision.ts";
import { freezePlan, thawPlan } from "./checkpoint.ts";
import { evolve, fold } from "./evolve.ts";

const tapes = fc.array(fc.nat(10_000), { maxLength: 250, size: "max" });

function beginAtRandom(tape: Tape): Trial {
  const text = drawText(tape);
  const steps = drawSteps(tape);
  const create = { inputs: { n: 1, yes: true } };
  return new Trial(steps, { pure: TEST_PURE, text, create, limits: TIGHT, isChecked: false });
}

/** A plan of every kind of step, and what chance does to it. */
function playAtRandom(numbers: readonly number[]): Trial {
  const tape = new Tape(numbers);
  const trial = beginAtRandom(tape);
  while (!tape.isOver) {
    const wish = drawWish(trial, tape);
    if (wish !== null) trial.try(wish);
  }
  return trial;
}

describe("whatever happens to a plan", () => {
  test("its history breaks no invariant", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        playAtRandom(numbers).check();
      }),
      { numRuns: 1000 },
    );
  });

  test("it comes to its end when it is served and answered, and lawfully so", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        const trial = playAtRandom(numbers);
        expect(bringToRest(trial)).toBe(true);
        trial.check();
      }),
      { numRuns: 1000 },
    );
  });

  test("it has taken of each limit what its attempts under way say, and never beyond it", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        const tape = new Tape(numbers);
        const trial = beginAtRandom(tape);
        while (!tape.isOver) {
          const wish = drawWish(trial, tape);
          if (wish === null) continue;
          const before = KEYS.map((key) => trial.taken.of(key));
          trial.try(wish);
          for (const [index, key] of KEYS.entries()) {
            const taken = trial.taken.of(key);
            const grown = taken > (before[index] ?? 0);
            assert.ok(!grown || taken <= (trial.limits.get(key) ?? 0), key);
            if (isGivenBack(key)) assert.equal(taken, underWay(trial, key), key);
          }
        }
        bringToRest(trial);
        expect(trial.taken.changes().filter(({ key }) => isGivenBack(key))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("each decision on it is the same when it is taken again, and changes nothing by itself", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        const tape = new Tape(numbers);
        const trial = beginAtRandom(tape);
        while (!tape.isOver) {
          const wish = drawWish(trial, tape);
          if (wish === null) continue;
          const before = snapshotPlan(trial.plan);
          assert.deepEqual(plain(trial.decide(wish)), plain(trial.decide(wish)));
          assert.equal(snapshotPlan(trial.plan), before);
          trial.try(wish);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("its events add up to what it is, from the first and from any checkpoint", () => {
    fc.assert(
      fc.property(tapes, fc.nat(1000), (numbers, at) => {
        const { events, plan, revision } = playAtRandom(numbers);
        const expected = snapshotPlan(plan);
        const whole = fold(events, () => revision);
        expect(whole && snapshotPlan(whole)).toBe(expected);
        const prefix = fold(events.slice(0, 1 + (at % events.length)), () => revision);
        let thawed = prefix && thawPlan(freezePlan(prefix), () => revision);
        expect(thawed && snapshotPlan(thawed)).toBe(prefix && snapshotPlan(prefix));
        for (const event of events.slice(thawed?.version)) {
          thawed = evolve(thawed, event, () => revision);
        }
        expect(thawed && snapshotPlan(thawed)).toBe(expected);
        expect(thawed?.lanes.states()).toEqual(plan.lanes.states());
      }),
      { numRuns: 500 },
    );
  });
});

const KEYS: readonly LimitKey[] = ["tenant", "pool:default", "owner:agent", "budget:attempts"];

/** Attempts that say that they have taken of a limit. */
function underWay({ plan }: Trial, key: LimitKey): number {
  const steps = [...plan.steps.entries()].map(([, step]) => step);
  return steps.filter((step) => step.status === "running" && step.takes?.includes(key) === true)
    .length;
}

/** Without the scopes of leases, which look things up. */
function plain(decision: Decision): unknown {
  return JSON.parse(JSON.stringify(decision));
}
