import assert from "node:assert/strict";
import fc from "fast-check";
import {
  PLAN_ACTION_NAMES,
  planActions,
  stepActions,
  type PlanAction,
  type StepAction,
} from "../../src/core/plan/actions.ts";
import { stepKeys, stepOf } from "../../src/core/step/lookup.ts";
import { Chance } from "../../src/testing/chance.ts";
import type { Wish } from "../../src/testing/given.ts";
import { drawPlan } from "../../src/testing/simulation/draw-plan.ts";
import { driveToEnd } from "./drive-to-end.ts";
import { moveArbitrary, wishOf, type Move } from "./moves.ts";
import { BEGINS_AT, Subject } from "./subject.ts";

export interface FuzzOptions {
  readonly runs: number;
  readonly seed?: number;
}

/** Random commands on random plans; throws with a counterexample where a promise is broken. */
export function fuzzCore({ runs, seed }: FuzzOptions): void {
  fc.assert(
    fc.property(plans, begins, moves, caps, (plan, begin, list, limits) => {
      const subject = new Subject(drawFor(plan), begin, limits);
      for (const move of list) carryOut(subject, move);
      subject.check();
      subject.lift();
      driveToEnd(subject);
      subject.check();
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
}

const plans = fc.nat(1_000_000);
const begins = fc.constantFrom("draft", "submitted", "started", "started", "started", "started");
// A cap of one or two is the one that two steps of a small plan meet.
const cap = fc.constantFrom(1, 1, 2, 0);
const caps = fc.oneof(
  fc.constant({}),
  fc.record({ tenant: cap, "pool:heavy": cap, "owner:command": cap }, { requiredKeys: [] }),
);
// Arrays of the default size are short: long ones find more.
const moves = fc.array(moveArbitrary, { maxLength: 60, size: "max" });

function drawFor(plan: number) {
  const shape = { stepsMax: 6, depth: 1, now: BEGINS_AT };
  return drawPlan("fuzzed", new Chance(plan, "fuzz"), shape);
}

function carryOut(subject: Subject, move: Move): void {
  subject.now += move.passMs;
  const wish = wishOf(subject, move);
  if (wish !== null) subject.send(wish);
  if (move.pick % 8 === 0) checkActions(subject);
  if (move.how % 16 === 0) subject.thaw();
}

/** What is said to be allowed is accepted, and nothing else is. */
function checkActions(subject: Subject): void {
  const { plan } = subject;
  const allowed = planActions(plan);
  for (const action of PLAN_ACTION_NAMES) {
    const decision = subject.peek(PLAN_WISHES[action]);
    assert.equal(
      decision.ok,
      allowed.includes(action),
      `${action} of a plan that is ${plan.status}`,
    );
    if (decision.ok) continue;
    assert.equal(decision.refusal.code, "not-allowed");
    assert.deepEqual("allowed" in decision.refusal ? decision.refusal.allowed : null, allowed);
  }
  for (const key of stepKeys(plan)) checkStepActions(subject, key);
  checkAgents(subject);
}

/** An agent decides nothing, whatever it is that is asked; it may fill in a form. */
function checkAgents(subject: Subject): void {
  const actor = { kind: "agent", id: "robot" } as const;
  for (const action of ["approve", "reject"] as const) {
    assert(!subject.peek({ ...PLAN_WISHES[action], actor }).ok, `an agent's ${action}`);
  }
  for (const [requestId, { kind, options }] of subject.plan.requests.entries()) {
    if (kind === "input") continue;
    const answer = kind === "choice" ? (options[0]?.value ?? null) : { approved: true };
    const decision = subject.peek({ type: "request.decide", requestId, answer, actor });
    assert(!decision.ok, `an agent's answer to a request of kind ${kind}`);
  }
}

function checkStepActions(subject: Subject, stepKey: string): void {
  const step = stepOf(subject.plan, stepKey);
  const allowed = stepActions(subject.plan, step);
  for (const action of ["retry", "skip", "complete"] as const) {
    const decision = subject.peek(stepWish(action, stepKey));
    const name = `${action} of ${stepKey}, which is ${step.status}`;
    assert.equal(decision.ok, allowed.includes(action), name);
    if (decision.ok) continue;
    assert.deepEqual("allowed" in decision.refusal ? decision.refusal.allowed : null, allowed);
  }
}

const PLAN_WISHES: Readonly<Record<PlanAction, Wish>> = {
  submit: { type: "plan.submit" },
  approve: { type: "plan.approve", by: "person" },
  reject: { type: "plan.reject", reason: "no" },
  start: { type: "plan.start" },
  pause: { type: "plan.pause" },
  resume: { type: "plan.resume" },
  cancel: { type: "plan.cancel", mode: "stop" },
  finish: { type: "plan.finish", result: "failure" },
  signal: { type: "signal.deliver", name: "never waited for", payload: null },
};

function stepWish(action: StepAction, stepKey: string): Wish {
  switch (action) {
    case "retry":
      return { type: "step.retry", stepKey };
    case "skip":
      return { type: "step.skip", stepKey, reason: "not needed" };
    case "complete":
      return { type: "step.complete", stepKey, output: null, note: "by hand" };
  }
}
