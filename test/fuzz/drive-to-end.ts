import assert from "node:assert/strict";
import { conditionOf } from "../../src/core/plan/condition.ts";
import { stepKeys, stepOf } from "../../src/core/step/lookup.ts";
import type { Step } from "../../src/core/step/step.ts";
import { planTimer, stepTimer } from "../../src/core/step/timers.ts";
import { UNSERVED_POOL } from "../../src/testing/simulation/draw-step.ts";
import { Chance } from "../../src/testing/chance.ts";
import type { Wish } from "../../src/testing/given.ts";
import { drawAnswer } from "../../src/testing/simulation/draw-answer.ts";
import type { Subject } from "./subject.ts";

const WORKER = "wrk_last";
const ROUNDS_MAX = 400;
const CAPABILITIES = new Set(["tool:work", "command", "agent", "external", "verify"]);

/**
 * Everybody does what is asked of them from now on: the plan must come to its end. A plan that is
 * safe and dead would pass every other test.
 */
export function driveToEnd(subject: Subject): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (subject.isOver) return;
    const version = subject.plan.version;
    const wish = nextWish(subject);
    if (wish === null) subject.now = nextTime(subject);
    else {
      const decision = subject.send(wish);
      assert(decision.ok, `${wish.type} is what there is to do: ${tellRefusal(decision)}`);
      if (subject.plan.version === version) subject.now = nextTime(subject);
    }
  }
  assert.fail(`the plan does not end: ${subject.plan.status} ${conditionOf(subject.plan)}`);
}

function nextWish(subject: Subject): Wish | null {
  const { plan } = subject;
  const { digest } = plan.revision;
  if (plan.status === "draft") return { type: "plan.submit" };
  if (plan.status === "pending-approval") {
    return { type: "plan.approve", by: "person", digest, start: true };
  }
  if (plan.status === "approved") return { type: "plan.start" };
  if (plan.paused && plan.ending === null) return { type: "plan.resume" };
  if (conditionOf(plan) === "blocked") return { type: "plan.finish", result: "failure" };
  return requestWish(subject) ?? stepWish(subject) ?? leaseWish(subject);
}

function requestWish({ plan, now }: Subject): Wish | null {
  for (const [, request] of plan.requests.entries()) {
    if (request.status !== "open") continue;
    if (request.dueAt !== null && request.dueAt <= now) {
      return { type: "timer.fire", stepKey: request.stepKey };
    }
    const answer = drawAnswer(new Chance(plan.version, "drive"), request, true);
    return { type: "request.decide", requestId: request.id, answer };
  }
  return null;
}

function stepWish(subject: Subject): Wish | null {
  const { plan } = subject;
  for (const key of stepKeys(plan)) {
    const wish = wishFor(subject, stepOf(plan, key));
    if (wish !== null) return wish;
  }
  const due = planTimer(plan);
  return due !== null && due <= subject.now ? { type: "timer.fire", stepKey: null } : null;
}

function wishFor({ plan, now }: Subject, step: Step): Wish | null {
  const stepKey = step.key;
  if (step.status === "ready") {
    const pool = plan.graph.specs.get(stepKey.split(".")[0] ?? "")?.pool;
    return pool === UNSERVED_POOL ? { type: "step.skip", stepKey, reason: "nobody" } : null;
  }
  if (step.status === "running") {
    return {
      type: "attempt.report",
      stepKey,
      attempt: step.attempt,
      workerId: step.workerId,
      outcome: { kind: "succeeded", output: { value: 1, items: [1, 2] }, checks: PASSED },
      chance: 0,
    };
  }
  if (step.status !== "waiting") return null;
  const due = stepTimer(plan, step);
  if (due !== null && due <= now) return { type: "timer.fire", stepKey };
  if (step.signal !== null && plan.ending === null) {
    return { type: "signal.deliver", name: step.signal, payload: null };
  }
  if (step.childPlanId === null) return null;
  const { childPlanId } = step;
  return { type: "child.report", stepKey, childPlanId, status: "completed", partial: false };
}

const PASSED = [0, 1, 2].map((index) => ({ index, passed: true, message: "" }));

function leaseWish(subject: Subject): Wish | null {
  const offer = {
    workerId: WORKER,
    slots: 5,
    pools: ["default", "heavy"],
    capabilities: CAPABILITIES,
    idle: true,
  };
  const decision = subject.peek({ type: "attempt.lease", offer });
  return decision.ok && decision.events.length > 0 ? { type: "attempt.lease", offer } : null;
}

/** The next moment at which something is due by itself. */
function nextTime({ plan, now }: Subject): number {
  const times = [...stepKeys(plan)].flatMap((key) => {
    const step = stepOf(plan, key);
    const at = step.status === "ready" ? step.notBefore : stepTimer(plan, step);
    return at !== null && at > now ? [at] : [];
  });
  assert(times.length > 0, `nothing moves and nothing is due: ${tellSteps(plan)}`);
  return Math.min(...times);
}

function tellSteps(plan: Subject["plan"]): string {
  return [...stepKeys(plan)].map((key) => `${key} ${stepOf(plan, key).status}`).join(", ");
}

function tellRefusal(decision: { readonly ok: boolean }): string {
  return "refusal" in decision ? JSON.stringify(decision.refusal) : "";
}
