import { keysOf } from "../shared/keys-of.ts";
import { tellLimit } from "../shared/tell-limit.ts";
import { roomIn, type SharedLimit } from "../shared/shared-limit.ts";
import { formatTimestamp } from "../timestamp.ts";
import { laneOf } from "../step/lane-of.ts";
import { specOf, stepKeys, stepOf } from "../step/lookup.ts";
import { hasEnded, type Step, type WaitingStep } from "../step/step.ts";
import { planActions } from "./actions.ts";
import { conditionOf } from "./condition.ts";
import { isEnded, type Plan } from "./plan.ts";

/** One reason why a plan or step does not move, and what would move it. */
export interface Reason {
  /** Stable and hyphenated: `need`, `cap`, `request`, `timer`, `worker`, … */
  readonly code: string;
  readonly stepKey: string | null;
  readonly message: string;
  /** The nearest thing that would unblock it; null where it goes on by itself. */
  readonly unblock: string | null;
}

/** Who is there to carry out work; null where that is not known. */
export interface Surroundings {
  readonly now: number;
  readonly workers:
    | readonly {
        readonly pools: readonly string[];
        readonly capabilities: ReadonlySet<string>;
      }[]
    | null;
  /** The limits in force for the plan's tenant. */
  readonly limits: readonly SharedLimit[];
}

/** Why a plan is not moving, in the order of nearness; empty where it moves or has ended. */
export function explainPlan(plan: Plan, around: Surroundings): readonly Reason[] {
  const whole = explainWhole(plan);
  if (whole !== null) return [whole];
  const steps = [...stepKeys(plan)].map((key) => stepOf(plan, key));
  return steps.flatMap((step) =>
    step.status === "pending" ? [] : explainStep(plan, step, around),
  );
}

/** Why one step is not moving; empty where it has ended or is under way. */
export function explainStep(plan: Plan, step: Step, around: Surroundings): readonly Reason[] {
  switch (step.status) {
    case "pending":
      return explainPending(plan, step.key);
    case "ready":
      return [explainReady(plan, step, around)];
    case "waiting":
      return [explainWaiting(plan, step)];
    case "running":
    case "succeeded":
    case "failed":
    case "skipped":
    case "cancelled":
      return [];
  }
}

function explainWhole(plan: Plan): Reason | null {
  const { status } = plan;
  if (isEnded(status)) return reason("ended", null, `the plan is ${status}`, null);
  if (status !== "executing") {
    const next = planActions(plan).filter((action) => action !== "cancel" && action !== "reject");
    return reason(status, null, `the plan is ${status}`, next.join(" or "));
  }
  if (plan.paused) return reason("paused", null, "the plan is paused", "resume it");
  if (conditionOf(plan) === "blocked") {
    const message = "every step has ended, but verification is required and none has passed";
    return reason("verification-missing", null, message, "finish it as a failure, or cancel it");
  }
  return null;
}

function explainPending(plan: Plan, key: string): Reason[] {
  const { join, fallbackFor } = specOf(plan, key);
  if (fallbackFor !== null) {
    const message = `it stands in for "${fallbackFor}" and starts only if that fails`;
    return [reason("fallback", key, message, null)];
  }
  const open = join.needs.filter((need) => !hasEnded(stepOf(plan, need)));
  if (open.length === 0) {
    return [reason("place", key, "it waits for a place among the children of its step", null)];
  }
  const names = open.slice(0, SHOWN_MAX).map((need) => `"${need}" (${stepOf(plan, need).status})`);
  const more = open.length > SHOWN_MAX ? ` and ${open.length - SHOWN_MAX} more` : "";
  const message = `it needs ${names.join(", ")}${more}`;
  return [reason("need", key, message, `see why ${open[0]} does not move`)];
}

/** Needs that are named. */
const SHOWN_MAX = 10;

function explainReady(
  plan: Plan,
  step: Extract<Step, { status: "ready" }>,
  around: Surroundings,
): Reason {
  const { key, notBefore } = step;
  if (notBefore !== null && notBefore > around.now) {
    const why =
      step.lastError === null ? "its own start time" : `a backoff after ${step.lastError.code}`;
    const code = step.lastError === null ? "start-time" : "backoff";
    const hasten = step.lastError === null ? null : `step retry ${plan.id} ${key}`;
    return reason(code, key, `not before ${formatTimestamp(notBefore)}: ${why}`, hasten);
  }
  const { concurrency, onRequest } = plan.graph.policy;
  if (plan.running.size >= concurrency) {
    const message = `${plan.running.size} of ${concurrency} attempts of the plan are under way`;
    return reason("cap", key, message, null);
  }
  if (onRequest === "pause" && plan.openRequests > 0) {
    return reason("request", key, "an open request holds up the whole plan", "answer it");
  }
  const lane = laneOf(plan, step);
  const full = around.limits.find(
    (limit) => roomIn(limit) === 0 && keysOf(lane).includes(limit.key),
  );
  if (full !== undefined) {
    const { message, unblock } = tellLimit(full, plan.tenantId);
    return reason("limit", key, message, unblock);
  }
  const served = around.workers?.some(
    (worker) => worker.pools.includes(lane.pool) && worker.capabilities.has(lane.capability),
  );
  if (served === false) {
    const message = `no worker serves pool "${lane.pool}" with ${lane.capability}`;
    return reason("worker", key, message, "start a worker that does");
  }
  return reason("line", key, "it stands in line for a worker", null);
}

function explainWaiting(plan: Plan, step: WaitingStep): Reason {
  const { key } = step;
  const request = step.requestId === null ? undefined : plan.requests.get(step.requestId);
  if (request !== undefined) {
    const who = request.assignees.length === 0 ? "anybody" : request.assignees.join(", ");
    const message = `${step.reason}: it waits for ${who} to answer "${request.title}"`;
    const verb = request.kind === "approval" || request.kind === "review" ? "approve" : "answer";
    return reason(step.reason, key, message, `request ${verb} ${request.id}`);
  }
  if (step.reason === "sub-plan") {
    return reason(
      "sub-plan",
      key,
      `it waits for ${step.childPlanId}`,
      `plan explain ${step.childPlanId}`,
    );
  }
  if (step.reason === "signal") {
    const until = step.until === null ? "" : ` until ${formatTimestamp(step.until)}`;
    const unblock = `signal ${plan.id} ${step.signal}`;
    return reason("signal", key, `it waits for the signal "${step.signal}"${until}`, unblock);
  }
  if (step.until !== null) {
    return reason("timer", key, `it waits until ${formatTimestamp(step.until)}`, null);
  }
  return reason(step.reason, key, `it waits for its ${step.reason}`, null);
}

function reason(
  code: string,
  stepKey: string | null,
  message: string,
  unblock: string | null,
): Reason {
  return { code, stepKey, message, unblock };
}
