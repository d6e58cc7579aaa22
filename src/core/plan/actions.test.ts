import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { drawSteps, drawWish, Tape, TIGHT } from "../random-trial.test-helper.ts";
import { stepKeys, stepOf } from "../step/lookup.ts";
import { Trial, type Wish } from "../trial.test-helper.ts";
import {
  PLAN_ACTION_NAMES,
  planActions,
  stepActions,
  type PlanAction,
  type StepAction,
} from "./actions.ts";

const STAGES = ["executing", "draft", "pending-approval", "approved"] as const;
const STEP_ACTION_NAMES = ["retry", "skip", "complete"] as const;
const tapes = fc.array(fc.nat(10_000), { maxLength: 150, size: "max" });

describe("what the state table allows is what is accepted, and nothing else", () => {
  test("of a plan, in whatever state it is", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        everyState(numbers, (trial) => {
          const accepted = PLAN_ACTION_NAMES.filter(
            (action) => trial.decide(wishFor(action, trial)).ok,
          );
          assert.deepEqual(accepted, inOrder(planActions(trial.plan)));
        });
      }),
      { numRuns: 300 },
    );
  });

  test("of each of its steps, in whatever state it is", () => {
    fc.assert(
      fc.property(tapes, (numbers) => {
        everyState(numbers, (trial) => {
          for (const key of stepKeys(trial.plan)) {
            const accepted = STEP_ACTION_NAMES.filter(
              (action) => trial.decide(stepWish(action, key)).ok,
            );
            assert.deepEqual(accepted, stepActions(trial.plan, stepOf(trial.plan, key)));
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});

test("an ended plan allows nothing", () => {
  const trial = new Trial({ a: {} }, { pure: TEST_PURE });
  trial.succeed("a");
  expect(planActions(trial.plan)).toEqual([]);
  expect(stepActions(trial.plan, trial.step("a"))).toEqual([]);
});

/** Looks at every state that a random plan comes through. */
function everyState(numbers: readonly number[], look: (trial: Trial) => void): void {
  const tape = new Tape(numbers);
  const upTo = tape.pick(STAGES);
  const create = { inputs: { n: 1, yes: true } };
  const trial = new Trial(drawSteps(tape), {
    pure: TEST_PURE,
    create,
    limits: TIGHT,
    upTo,
    isChecked: false,
  });
  look(trial);
  while (!tape.isOver) {
    const wish = drawWish(trial, tape);
    if (wish === null || trial.try(wish).events.length === 0) continue;
    look(trial);
  }
}

function wishFor(action: PlanAction, trial: Trial): Wish {
  switch (action) {
    case "submit":
      return { type: "plan.submit" };
    case "approve":
      return { type: "plan.approve", by: "person" };
    case "reject":
      return { type: "plan.reject", reason: "" };
    case "start":
      return { type: "plan.start" };
    case "pause":
      return { type: "plan.pause" };
    case "resume":
      return { type: "plan.resume" };
    case "cancel":
      return { type: "plan.cancel", mode: "stop" };
    case "finish":
      return { type: "plan.finish", result: "failure" };
    case "signal":
      return { type: "signal.deliver", name: `new-${trial.events.length}`, payload: null };
  }
}

function stepWish(action: StepAction, stepKey: string): Wish {
  switch (action) {
    case "retry":
      return { type: "step.retry", stepKey };
    case "skip":
      return { type: "step.skip", stepKey, reason: "" };
    case "complete":
      return { type: "step.complete", stepKey, output: null, note: "" };
  }
}

function inOrder(actions: readonly PlanAction[]): readonly PlanAction[] {
  return PLAN_ACTION_NAMES.filter((action) => actions.includes(action));
}
