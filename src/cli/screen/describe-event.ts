import type { EventData, EventType, PlanEvent } from "../../core/plan/event.ts";
import { briefDuration } from "./time.ts";
import { visible, visibleJson } from "./visible.ts";

/** What happened, in a few words; whom it happened to is told beside it. */
export function describeEvent(event: PlanEvent): string {
  return describe(event.type, event.data, event);
}

function describe<T extends EventType>(type: T, data: EventData[T], event: PlanEvent): string {
  return SENTENCES[type](data, event);
}

const SENTENCES: {
  readonly [T in EventType]: (data: EventData[T], event: PlanEvent) => string;
} = {
  "plan.created": (data) => `created: ${visible(data.name)} (${data.digest.slice(0, 12)})`,
  "plan.submitted": () => "submitted for approval",
  "plan.approved": (data, { actor }) =>
    `approved by ${data.by === "person" ? visible(actor.id) : BY[data.by]}${remark(data.comment)}`,
  "plan.rejected": (data, { actor }) => `rejected by ${visible(actor.id)}${remark(data.reason)}`,
  "plan.started": () => "started",
  "plan.paused": (data) => `paused${remark(data.reason)}`,
  "plan.resumed": () => "resumed",
  "plan.cancel-requested": (data) =>
    `${data.mode === "drain" ? "cancelling when what runs has ended" : "cancelling"}${remark(data.reason)}`,
  "plan.failing": (data) =>
    `failing${data.stepKey === undefined ? "" : ` because of ${visible(data.stepKey)}`}: ${fault(data.error)}`,
  "plan.finished": (data, { actor }) =>
    `finished by hand as a ${data.result} by ${visible(actor.id)}${remark(data.summary)}`,
  "plan.completed": (data) => (data.partial ? "completed in part" : "completed"),
  "plan.failed": (data) => `failed: ${fault(data.error)}`,
  "plan.cancelled": (data) => `cancelled${remark(data.reason)}`,

  "step.readied": (data) =>
    data.notBefore === undefined ? "ready" : `ready from ${data.notBefore}`,
  "step.expanded": (data) => `has ${data.items.length} items`,
  "step.waiting": (data) => `waiting ${waitingFor(data)}`,
  "step.succeeded": (data, { actor }) =>
    (data.manual === undefined ? "succeeded" : `succeeded by hand (${visible(actor.id)})`) +
    (data.partial === undefined ? "" : ` in part: ${visible(data.partial)}`) +
    (data.workedMs === undefined ? "" : ` after ${briefDuration(data.workedMs)}`),
  "step.failed": (data) => `failed: ${fault(data.error)}`,
  "step.skipped": (data) => `skipped: ${SKIPPED[data.reason]}${remark(data.note)}`,
  "step.cancelled": (data) => `cancelled: ${CANCELLED[data.reason]}`,

  "attempt.started": (_data, { attempt }) => `running, attempt ${attempt}`,
  "attempt.lost": (data, { attempt }) => `attempt ${attempt} lost: ${LOST[data.reason]}`,
  "attempt.failed": (data, { attempt }) =>
    `attempt ${attempt} failed: ${fault(data.error)}` +
    (data.retryAt === undefined ? "" : `; again from ${data.retryAt}`),
  "attempt.refused": (data, { attempt }) =>
    `attempt ${attempt} came too late, ${data.current} is the one that counts`,

  "request.created": (data) => `asked: ${visible(data.title)} (${data.requestId})`,
  "request.decided": (data, { actor }) =>
    `answered by ${data.by === "person" ? visible(actor.id) : data.by}: ${visibleJson(data.answer)}${remark(data.comment)}`,
  "request.expired": () => "not answered in time",
  "request.closed": (data) => `no longer asked: ${visible(data.reason)}`,
  "approval.consumed": () => "uses its approval",

  "signal.received": (data) => `signal ${visible(data.name)}`,
  "check.passed": (data) => `check passed: ${visible(data.check)}`,
  "check.failed": (data) => `check failed: ${visible(data.check)}: ${visible(data.message)}`,
  "child.started": (data) => `sub-plan ${data.childPlanId} started`,
  "child.ended": (data) => `sub-plan ${data.childPlanId} ${data.status}`,
  "artifact.published": (data) => `artifact ${visible(data.artifact.name)} (${data.artifact.id})`,
};

const BY = { policy: "its policy", parent: "its parent's approval" } as const;

const SKIPPED: Readonly<Record<EventData["step.skipped"]["reason"], string>> = {
  condition: "its condition is not met",
  "need-not-met": "something that it needs did not succeed",
  operator: "somebody said so",
  "fallback-not-needed": "it is not needed as a stand-in",
  timeout: "nobody answered in time",
};

const CANCELLED: Readonly<Record<EventData["step.cancelled"]["reason"], string>> = {
  "plan-cancelled": "the plan was cancelled",
  "plan-failing": "the plan is failing",
  "plan-finished": "the plan was finished by hand",
  "parent-ended": "its list has ended",
};

const LOST: Readonly<Record<EventData["attempt.lost"]["reason"], string>> = {
  "worker-gone": "its worker is gone",
  drained: "its worker shut down",
  timeout: "it took too long",
};

/** What a waiting step waits for. */
export function waitingFor(data: EventData["step.waiting"]): string {
  const until = data.until === undefined ? "" : ` until ${data.until}`;
  switch (data.reason) {
    case "request":
      return "for an answer";
    case "gate":
      return "for its approval";
    case "timer":
      return until.trimStart() || "for a time";
    case "signal":
      return `for the signal ${visible(data.signal ?? "")}${until}`;
    case "sub-plan":
      return `for sub-plan ${data.childPlanId}`;
    case "children":
      return "for its items";
    case "fallback":
      return "for its stand-in";
    case "ambiguous-effect":
      return "for somebody to say whether it took effect";
    case "set-aside":
      return "for somebody to look: it was set aside";
    case "failed":
      return "for somebody to say what now";
  }
}

function fault({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${visible(code)}: ${visible(message)}`;
}

function remark(text: string | undefined): string {
  return text === undefined || text === "" ? "" : ` (${visible(text)})`;
}
