import type { Json } from "./json.ts";
import { known } from "./known.ts";
import type { Limits } from "./limits.ts";
import type { PlanDocument, StepDocument, StepKind } from "./plan/document.ts";
import { isEnded } from "./plan/plan.ts";
import type { HumanRequest } from "./request/request.ts";
import type { LimitKey } from "./shared/limit-key.ts";
import { stepKeys, stepOf } from "./step/lookup.ts";
import type { Outcome } from "./step/outcome.ts";
import type { Step, WaitingStep } from "./step/step.ts";
import { ADA, type Steps, type Trial, type Wish } from "./trial.test-helper.ts";

/** Chance as a list of numbers, so that whoever finds a fault can make the list shorter. */
export class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  get isOver(): boolean {
    return this.#at >= this.#numbers.length;
  }

  /** 0 to `below` - 1; 0 when the tape is over, which is the plainest choice everywhere. */
  draw(below: number): number {
    const number = this.#numbers.at(this.#at) ?? 0;
    this.#at += 1;
    return number % below;
  }

  /** Something, once in so many times; otherwise nothing. */
  seldom<T extends object>(
    oneIn: number,
    ...list: readonly T[]
  ): T | Readonly<Record<never, never>> {
    return this.draw(oneIn) === oneIn - 1 ? this.pick(list) : {};
  }

  pick<T>(list: readonly T[]): T {
    return known(list[this.draw(list.length)], "choice");
  }
}

/** The small limits that random plans run into. */
export const TIGHT: Partial<Limits> = { recoveriesBeforeAlone: 1, recoveriesMax: 2, signalsMax: 3 };

/** Text around the steps of a random plan; its steps are of every kind and form. */
export function drawText(tape: Tape): Partial<PlanDocument> {
  const policy = tape.pick<NonNullable<PlanDocument["policy"]>>([
    {},
    { concurrency: 1 },
    { onRequest: "pause" },
    { approval: "none", budget: { wall: "90s" } },
  ]);
  const answer = tape.pick([{}, { answer: "steps.s0.status" }, { answer: "1 / 0" }]);
  return { policy, ...answer };
}

export function drawSteps(tape: Tape): Steps {
  const steps: Record<string, Partial<StepDocument>> = {};
  const count = 1 + tape.draw(6);
  for (let index = 0; index < count; index += 1) {
    steps[`s${index}`] = drawStep(tape, Object.keys(steps));
  }
  for (const key of Object.keys(steps)) {
    if (tape.draw(5) !== 4) continue;
    const stepped = drawKind(tape);
    steps[key] = { ...steps[key], onFailure: { fallback: `f_${key}` } };
    steps[`f_${key}`] = { ...stepped, ...tape.pick([{}, { onFailure: "ask" as const }]) };
  }
  return steps;
}

function drawStep(tape: Tape, before: readonly string[]): Partial<StepDocument> {
  const lists = [
    { forEach: "[1, 2, 3]" },
    { forEach: { items: "[1, 2, 3]", concurrency: 1 } },
    { forEach: { items: "[1, 2, 3, 4]", concurrency: 2 } },
    { forEach: "[]" },
  ];
  const failures: Pick<StepDocument, "onFailure">[] = [
    { onFailure: "continue" },
    { onFailure: "ask" },
  ];
  return {
    ...drawKind(tape),
    ...drawNeeds(tape, before),
    ...tape.seldom(6, { when: "false" }, { when: "inputs.yes" }),
    ...tape.seldom(30, { when: "1" }, { forEach: "5" }),
    ...tape.seldom(4, ...lists),
    ...tape.seldom(2, ...failures),
  };
}

function drawNeeds(tape: Tape, before: readonly string[]): Pick<StepDocument, "needs"> {
  const needs = before.filter(() => tape.draw(3) === 1);
  if (needs.length === 0) return {};
  return tape.pick<Pick<StepDocument, "needs">>([
    { needs },
    { needs: { any: needs } },
    { needs: { all: needs, allow: ["skipped"] } },
    { needs: { any: needs, allow: ["failed"] } },
  ]);
}

function drawKind(tape: Tape): Partial<StepDocument> {
  const gate = tape.seldom(6, { approve: true as const }, { approve: { due: "30s" } });
  const kinds = ["agent", "command", "agent", "command", "agent", "human", "wait", "plan"] as const;
  const kind = tape.pick<StepKind>(kinds);
  switch (kind) {
    case "human":
      return { do: kind, request: drawRequest(tape), ...gate };
    case "wait":
      return { do: kind, wait: drawWait(tape), ...gate };
    case "plan":
      return { do: kind, plan: { plan: "Sub", steps: { a: { do: "agent" } } }, ...gate };
    default:
      return { do: kind, ...drawWork(tape), ...gate };
  }
}

function drawWork(tape: Tape): Partial<StepDocument> {
  const checks = [{ expression: "output.ok" }];
  return {
    effect: tape.pick(["none", "once", "none"]),
    priority: tape.draw(2),
    ...tape.seldom(3, { retry: { attempts: 2, first: "0s" } }, { retry: { attempts: 1 } }),
    ...tape.seldom(3, { verify: { checks, loops: 1 } }, { verify: { checks } }),
    ...tape.seldom(8, { at: "2026-01-01T00:00:20Z" }),
    ...tape.seldom(4, { with: { n: "${{ inputs.n }}" } }),
    ...tape.seldom(20, { at: "never" }, { with: { n: "${{ 1 / 0 }}" } }),
    ...tape.seldom(8, { output: { type: "object" } }),
  };
}

function drawRequest(tape: Tape): NonNullable<StepDocument["request"]> {
  return tape.pick<NonNullable<StepDocument["request"]>>([
    { kind: "approval", title: "Go?" },
    {
      kind: "choice",
      title: "Which?",
      options: [{ value: "x" }],
      due: "30s",
      onTimeout: { answer: "x" },
    },
    { kind: "input", title: "Say", due: "30s", onTimeout: "skip" },
    { kind: "review", title: "${{ 1 / 0 }}" },
    { kind: "approval", title: "Go?", due: "30s" },
  ]);
}

function drawWait(tape: Tape): NonNullable<StepDocument["wait"]> {
  return tape.pick<NonNullable<StepDocument["wait"]>>([
    { for: "10s" },
    { signal: "go" },
    { signal: "go", timeout: "40s" },
    { for: "soon" },
  ]);
}

/** One wish that may or may not be allowed; null where there is nobody to have it. */
export function drawWish(trial: Trial, tape: Tape): Wish | null {
  const { plan } = trial;
  switch (tape.draw(14)) {
    case 0:
    case 1:
    case 2:
      if (tape.draw(4) === 3) drawLimit(trial, tape);
      return leaseOf(tape);
    case 3:
    case 4:
      return reportAtRandom(trial, tape);
    case 5:
    case 6: {
      const reason = tape.pick(["worker-gone", "drained"] as const);
      const step = drawOf(trial, tape, "running");
      return step && { type: "attempt.lose", stepKey: step.key, attempt: step.attempt, reason };
    }
    case 7: {
      trial.pass(tape.pick([1000, 10_000, 30_000]));
      const step = drawOf(trial, tape, "waiting");
      return { type: "timer.fire", stepKey: tape.draw(3) === 0 ? null : (step?.key ?? null) };
    }
    case 8:
    case 9: {
      const open = openRequests(trial);
      return open.length === 0 ? null : answerTo(tape.pick(open), tape);
    }
    case 10:
      return { type: "signal.deliver", name: "go", payload: tape.draw(3), key: `k${tape.draw(9)}` };
    case 11: {
      const children = [...plan.children.entries()];
      if (children.length === 0) return null;
      const [childPlanId, stepKey] = tape.pick(children);
      const status = tape.pick(["completed", "failed", "cancelled"] as const);
      return { type: "child.report", childPlanId, stepKey, status, partial: tape.draw(4) === 3 };
    }
    case 12:
      return operateAtRandom(trial, tape);
    default:
      return steerAtRandom(tape);
  }
}

/** A limit comes, goes or is another one from now on. */
function drawLimit({ limits }: Trial, tape: Tape): void {
  const keys = ["tenant", "pool:default", "owner:agent", "budget:attempts"] as const;
  const key = tape.pick<LimitKey>(keys);
  const max = tape.draw(5);
  if (max === 4) limits.delete(key);
  else limits.set(key, max);
}

function leaseOf(tape: Tape): Wish {
  const capabilities = new Set(["agent", "command"]);
  const offer = {
    workerId: tape.pick(["wrk_1", "wrk_2"]),
    slots: 1 + tape.draw(3),
    pools: ["default"],
  };
  const idle = tape.draw(2) === 0;
  const actor = { kind: "worker", id: offer.workerId } as const;
  return { type: "attempt.lease", offer: { ...offer, capabilities, idle }, actor };
}

const OUTCOMES: readonly Outcome[] = [
  { kind: "succeeded", output: { ok: true } },
  { kind: "failed", error: { code: "busy", message: "Busy", retryable: true } },
  { kind: "succeeded", output: { ok: true } },
  { kind: "succeeded", output: { ok: false } },
  { kind: "failed", error: { code: "busy", message: "Busy", retryable: true } },
  { kind: "failed", error: { code: "broken", message: "Broken", retryable: false } },
  { kind: "failed", error: { code: "cut", message: "Cut", retryable: true, ambiguous: true } },
  { kind: "succeeded", output: [], partial: "half" },
];

/** Of an attempt under way, or one that is over. */
function reportAtRandom(trial: Trial, tape: Tape): Wish | null {
  const running = drawOf(trial, tape, "running");
  const isLate = tape.draw(9) === 8;
  const step = isLate ? tape.pick(allSteps(trial)) : running;
  if (step === null) return null;
  const report = trial.reportOf(step.key, tape.pick(OUTCOMES));
  const more = tape.draw(2) === 0 ? {} : { offer: { workerId: report.workerId, ...REST } };
  return { ...report, chance: tape.draw(2), ...more };
}

const REST = {
  slots: 1,
  pools: ["default"],
  capabilities: new Set(["agent", "command"]),
  idle: false,
};

function operateAtRandom(trial: Trial, tape: Tape): Wish {
  const stepKey = tape.pick(allSteps(trial)).key;
  return tape.pick<Wish>([
    { type: "step.retry", stepKey },
    { type: "step.skip", stepKey, reason: "" },
    { type: "step.complete", stepKey, output: { ok: true }, note: "" },
  ]);
}

/** An end comes seldom, so that much has happened before it. */
function steerAtRandom(tape: Tape): Wish {
  if (tape.draw(12) < 11) return tape.pick<Wish>([{ type: "plan.resume" }, { type: "plan.pause" }]);
  return tape.pick<Wish>([
    { type: "plan.cancel", mode: "drain" },
    { type: "plan.cancel", mode: "stop" },
    { type: "plan.finish", result: "success" },
    { type: "plan.finish", result: "failure" },
  ]);
}

function answerTo(request: HumanRequest, tape: Tape): Wish {
  const answer = answerFor(request, tape.draw(4) === 3, tape.draw(4));
  return { type: "request.decide", requestId: request.id, answer, actor: ADA };
}

function answerFor({ kind, options }: HumanRequest, isNo: boolean, choice: number): Json {
  if (kind === "input") return { name: "x" };
  if (kind === "choice") return known(options[choice % options.length], "option").value;
  return { approved: !isNo };
}

function openRequests(trial: Trial): HumanRequest[] {
  const requests = [...trial.plan.requests.entries()].map(([, request]) => request);
  return requests.filter(({ status }) => status === "open");
}

function allSteps(trial: Trial): Step[] {
  return [...stepKeys(trial.plan)].map((key) => stepOf(trial.plan, key));
}

function drawOf<S extends Step["status"]>(
  trial: Trial,
  tape: Tape,
  status: S,
): Extract<Step, { status: S }> | null {
  const isOf = (step: Step): step is Extract<Step, { status: S }> => step.status === status;
  const steps = allSteps(trial).filter(isOf);
  return steps.length === 0 ? null : tape.pick(steps);
}

/**
 * Serves and answers a plan as long as it moves: nobody fails, every question gets a yes, every
 * signal comes, time passes. True where it has come to its end.
 */
export function bringToRest(trial: Trial): boolean {
  trial.limits.clear();
  for (let round = 0; round < 60 && !isEnded(trial.plan.status); round += 1) {
    if (trial.plan.paused) trial.try({ type: "plan.resume" });
    trial.lease({ capabilities: new Set(["agent", "command"]) });
    for (const key of stepKeys(trial.plan)) letMove(trial, stepOf(trial.plan, key));
    trial.pass(60_000);
  }
  return isEnded(trial.plan.status);
}

function letMove(trial: Trial, step: Step): void {
  if (step.status === "running") trial.try(trial.reportOf(step.key, known(OUTCOMES[0], "success")));
  if (step.status !== "waiting") return;
  if (step.requestId !== null) answerAtOnce(trial, step.requestId, step);
  else if (step.childPlanId !== null) {
    const { key: stepKey, childPlanId } = step;
    trial.try({ type: "child.report", stepKey, childPlanId, status: "completed", partial: false });
  } else if (step.signal !== null)
    trial.try({ type: "signal.deliver", name: step.signal, payload: 1 });
  else trial.try({ type: "timer.fire", stepKey: step.key });
}

/** Too late for an answer, the timer speaks. What asks again and again is recorded as failed. */
function answerAtOnce(trial: Trial, requestId: string, step: WaitingStep): void {
  const request = known(trial.plan.requests.get(requestId), requestId);
  const last = request.options.length - 1;
  const answer = answerFor(request, false, request.reason === null ? 0 : last);
  const decision = trial.try({ type: "request.decide", requestId, answer });
  if (!decision.ok) trial.try({ type: "timer.fire", stepKey: step.key });
}
