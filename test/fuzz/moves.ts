import fc from "fast-check";
import type { Actor } from "../../src/core/actor.ts";
import type { Json } from "../../src/core/json.ts";
import type { Outcome } from "../../src/core/step/outcome.ts";
import type { Step } from "../../src/core/step/step.ts";
import { stepKeys, stepOf } from "../../src/core/step/lookup.ts";
import type { Offer } from "../../src/core/step/lease.ts";
import { Chance } from "../../src/testing/chance.ts";
import type { Wish } from "../../src/testing/given.ts";
import { drawAnswer } from "../../src/testing/simulation/draw-answer.ts";
import { SIGNALS } from "../../src/testing/simulation/draw-step.ts";
import type { Subject } from "./subject.ts";

const KINDS = [
  "lease",
  "lease",
  "report",
  "report",
  "report",
  "late-report",
  "lose",
  "timer",
  "decide",
  "decide",
  "signal",
  "child",
  "plan-act",
  "step-act",
] as const;

/** One thing that somebody does; which one exactly, the plan as it is then decides. */
export interface Move {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
  readonly how: number;
  readonly passMs: number;
}

export const moveArbitrary: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(1000),
  how: fc.nat(1000),
  passMs: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(30_000)),
});

const WORKERS = ["wrk_1", "wrk_2", "wrk_3"] as const;
const CAPABILITIES: ReadonlySet<string> = new Set([
  "tool:work",
  "command",
  "agent",
  "external",
  "verify",
]);
const ROBOT: Actor = { kind: "agent", id: "robot" };

/** The command that a move comes to now; null where there is nothing to do it to. */
export function wishOf(subject: Subject, move: Move): Wish | null {
  const chance = new Chance(move.how, "move");
  switch (move.kind) {
    case "lease":
      return leaseWish(chance);
    case "report":
      return reportWish(subject, move, chance);
    case "late-report":
      return lateReportWish(subject, move, chance);
    case "lose":
      return loseWish(subject, move, chance);
    case "timer":
      return timerWish(subject, move, chance);
    case "decide":
      return decideWish(subject, move, chance);
    case "signal":
      return signalWish(chance);
    case "child":
      return childWish(subject, move, chance);
    case "plan-act":
      return planWish(subject, chance);
    case "step-act":
      return stepWish(subject, move, chance);
  }
}

function offerOf(chance: Chance): Offer {
  const some = new Set([...CAPABILITIES].filter((name) => chance.happens(0.6, "can", name)));
  return {
    workerId: chance.pick(WORKERS, "worker"),
    slots: chance.between(1, 4, "slots"),
    pools: chance.pick([["default"], ["default", "heavy"], ["heavy"]], "pools"),
    capabilities: chance.happens(0.7, "all") ? CAPABILITIES : some,
    idle: chance.happens(0.5, "idle"),
  };
}

function leaseWish(chance: Chance): Wish {
  const offer = offerOf(chance);
  return { type: "attempt.lease", offer, actor: { kind: "worker", id: offer.workerId } };
}

function reportWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const step = pickStep(subject, pick, ({ status }) => status === "running");
  if (step === null || step.status !== "running") return null;
  const workerId = chance.happens(0.06, "stranger") ? "wrk_9" : step.workerId;
  return {
    type: "attempt.report",
    stepKey: step.key,
    attempt: step.attempt,
    workerId,
    outcome: drawOutcome(chance),
    chance: chance.draw("backoff"),
    actor: { kind: "worker", id: workerId },
    ...(chance.happens(0.5, "goes on") ? { offer: { ...offerOf(chance), workerId } } : {}),
  };
}

/** Of an attempt that was, of one that never was, or of a step that there is none of. */
function lateReportWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const step = pickStep(subject, pick, ({ attempt }) => attempt > 0);
  if (step === null) return null;
  const attempt = chance.pick([step.attempt, step.attempt - 1, step.attempt + 1], "attempt");
  return {
    type: "attempt.report",
    stepKey: chance.happens(0.05, "unknown") ? "nowhere" : step.key,
    attempt,
    workerId: chance.pick(WORKERS, "worker"),
    outcome: drawOutcome(chance),
    chance: 0.5,
  };
}

function drawOutcome(chance: Chance): Outcome {
  const error = { code: "broken", message: "It broke", retryable: true };
  const value = chance.between(-1, 3, "value");
  const output: Json = chance.happens(0.25, "unfit")
    ? { nothing: 1 }
    : { value, items: [value, 2] };
  switch (chance.pickWeighted({ good: 6, part: 1, fail: 3, final: 1, doubt: 2 }, "outcome")) {
    case "good":
      return { kind: "succeeded", output, checks: drawChecks(chance) };
    case "part":
      return { kind: "succeeded", output, partial: "half of it", checks: drawChecks(chance) };
    case "fail":
      return { kind: "failed", error };
    case "final":
      return { kind: "failed", error: { ...error, retryable: false } };
    case "doubt":
      return { kind: "failed", error: { ...error, ambiguous: true } };
  }
}

function drawChecks(chance: Chance) {
  return [0, 1, 2].map((index) => {
    const passed = chance.happens(0.8, "check", index);
    return { index, passed, message: passed ? "" : "exit code 1" };
  });
}

function loseWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const step = pickStep(subject, pick, ({ status }) => status === "running");
  if (step === null) return null;
  const attempt = chance.happens(0.1, "stale") ? step.attempt - 1 : step.attempt;
  const reason = chance.pick(["worker-gone", "worker-gone", "drained"], "reason");
  return { type: "attempt.lose", stepKey: step.key, attempt, reason };
}

function timerWish(subject: Subject, { pick }: Move, chance: Chance): Wish {
  const step = pickStep(subject, pick, ({ status }) => status === "waiting");
  const stepKey = step === null || chance.happens(0.3, "plan") ? null : step.key;
  return { type: "timer.fire", stepKey, actor: { kind: "system", id: "planwright" } };
}

function decideWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const requests = [...subject.plan.requests.entries()].map(([, request]) => request);
  const open = requests.filter(({ status }) => status === "open");
  const some = open.length > 0 && chance.happens(0.85, "open") ? open : requests;
  const request = some[pick % Math.max(1, some.length)];
  if (request === undefined) return null;
  return {
    type: "request.decide",
    requestId: chance.happens(0.03, "unknown") ? "req_none" : request.id,
    answer: drawAnswer(chance, request, false),
    ...(chance.happens(0.1, "stale") ? { subjectDigest: "stale" } : {}),
    ...(chance.happens(0.05, "robot") ? { actor: ROBOT } : {}),
  };
}

function signalWish(chance: Chance): Wish {
  const name = chance.pick(SIGNALS, "signal");
  const key = chance.happens(0.5, "keyed") ? { key: `key-${chance.between(1, 4, "key")}` } : {};
  return { type: "signal.deliver", name, payload: { n: 1 }, ...key };
}

function childWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const step = pickStep(
    subject,
    pick,
    (one) => one.status === "waiting" && one.childPlanId !== null,
  );
  if (step?.status !== "waiting" || step.childPlanId === null) return null;
  const childPlanId = chance.happens(0.05, "stranger") ? "pln_other" : step.childPlanId;
  if (chance.happens(0.3, "began")) {
    return { type: "child.acknowledge", stepKey: step.key, childPlanId };
  }
  const status = chance.pick(["completed", "completed", "failed", "cancelled", "rejected"], "ends");
  const partial = status === "completed" && chance.happens(0.3, "partial");
  return { type: "child.report", stepKey: step.key, childPlanId, status, partial };
}

function planWish(subject: Subject, chance: Chance): Wish {
  const { digest } = subject.plan.revision;
  const actor = chance.happens(0.3, "robot") ? { actor: ROBOT } : {};
  const wishes: readonly Wish[] = [
    { type: "plan.submit" },
    { type: "plan.approve", by: "person", digest, start: chance.happens(0.5, "start"), ...actor },
    { type: "plan.approve", by: "person", digest: "stale" },
    { type: "plan.start" },
    { type: "plan.start" },
    { type: "plan.pause" },
    { type: "plan.resume" },
    { type: "plan.resume" },
    { type: "plan.pause", reason: "wait" },
  ];
  const ends: readonly Wish[] = [
    { type: "plan.reject", reason: "no", ...actor },
    { type: "plan.cancel", mode: "stop" },
    { type: "plan.cancel", mode: "drain", reason: "enough" },
    { type: "plan.finish", result: "success", answer: 1 },
    { type: "plan.finish", result: "failure", summary: "gave up" },
  ];
  return chance.happens(0.12, "ends") ? chance.pick(ends, "end") : chance.pick(wishes, "wish");
}

function stepWish(subject: Subject, { pick }: Move, chance: Chance): Wish | null {
  const step = pickStep(subject, pick, () => true);
  if (step === null) return null;
  const stepKey = chance.happens(0.03, "unknown") ? "nowhere" : step.key;
  const wishes: readonly Wish[] = [
    { type: "step.retry", stepKey },
    { type: "step.retry", stepKey },
    { type: "step.skip", stepKey, reason: "not needed" },
    { type: "step.complete", stepKey, output: { value: 1, items: [] }, note: "by hand" },
  ];
  return chance.pick(wishes, "wish");
}

function pickStep(subject: Subject, pick: number, fits: (step: Step) => boolean): Step | null {
  const steps = [...stepKeys(subject.plan)].map((key) => stepOf(subject.plan, key)).filter(fits);
  return steps[pick % Math.max(1, steps.length)] ?? null;
}
