import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { PlanCommandOf } from "../plan/command.ts";
import { approvePlan, rejectPlan } from "../plan/approve.ts";
import { refuseUnfit } from "../plan/refuse-unfit.ts";
import type { Refusal } from "../refusal.ts";
import { fail } from "../step/fail-step.ts";
import { stepOf } from "../step/lookup.ts";
import { letGo } from "../step/open-step.ts";
import { startAgain } from "../step/start-again.ts";
import { waitingStep, type WaitingStep } from "../step/step.ts";
import { formatTimestamp } from "../timestamp.ts";
import { known } from "../known.ts";
import { readAnswer, type Answer } from "./answer.ts";
import type { HumanRequest } from "./request.ts";

type DecideRequest = PlanCommandOf<"request.decide">;

/** Takes the one answer to a request. It moves only its own work. */
export function decideRequest(deciding: Deciding, command: DecideRequest): Refusal | null {
  const { requestId, subjectDigest } = command;
  const request = deciding.plan.requests.get(requestId);
  if (request === undefined) return { code: "not-found", message: `no request ${requestId}` };
  if (request.status !== "open") return alreadySettled(request);
  if (subjectDigest !== undefined && subjectDigest !== request.subjectDigest) {
    const message = "what was looked at is not what is asked now";
    return { code: "stale-digest", message, current: request.subjectDigest };
  }
  if (request.dueAt !== null && deciding.time > request.dueAt) {
    const message = `request ${requestId} was due at ${formatTimestamp(request.dueAt)}; it expires`;
    return { code: "not-allowed", message, allowed: [] };
  }
  const forbidden = findForbidden(deciding, request);
  if (forbidden !== null) return forbidden;
  const answer = takeAnswer(deciding, request, command.answer, command.comment);
  if ("code" in answer) return answer;
  if (request.reason === "plan-approval") return decidePlan(deciding, command, answer);
  settleRequest(deciding, request, answer, "person", command.comment);
  return null;
}

/** An answer that fits its request, and that can stand in an event. */
export function takeAnswer(
  deciding: Deciding,
  request: HumanRequest,
  given: Json,
  comment?: string,
): Answer | Refusal {
  const answer = readAnswer(request, given, deciding.pure);
  if ("code" in answer) return answer;
  const brought = { answer: answer.value, ...signature(deciding, comment) };
  return refuseUnfit(deciding.plan, brought, "the answer", "/answer") ?? answer;
}

/** An agent never approves, least of all what it drafted itself (a policy may name one, later). */
function findForbidden(deciding: Deciding, request: HumanRequest): Refusal | null {
  const { actor } = deciding.command;
  if (actor.kind !== "agent" || request.kind === "input") return null;
  return { code: "forbidden", message: `an agent cannot decide a request of kind ${request.kind}` };
}

function alreadySettled(request: HumanRequest): Refusal {
  const who = request.decision === null ? "" : ` by ${request.decision.actor.id}`;
  const message = `request ${request.id} is ${request.status}${who}; a request is settled once`;
  return { code: "not-allowed", message, allowed: [] };
}

function decidePlan(deciding: Deciding, command: DecideRequest, answer: Answer): Refusal | null {
  const comment = command.comment === undefined ? {} : { comment: command.comment };
  if (answer.verdict === "yes") return approvePlan(deciding, { by: "person", ...comment });
  return rejectPlan(deciding, { reason: command.comment ?? "rejected" });
}

/** Records the decision on a step's request and moves the step by it. */
export function settleRequest(
  deciding: Deciding,
  request: HumanRequest,
  answer: Answer,
  by: "person" | "timeout",
  comment?: string,
): void {
  const stepKey = known(request.stepKey, "the request's step");
  const note = comment === undefined ? {} : { comment };
  const data = { requestId: request.id, answer: answer.value, by, ...note };
  deciding.emit("request.decided", data, { stepKey });
  const step = waitingStep(stepOf(deciding.plan, stepKey));
  if (request.reason === null) answered(deciding, step, request, answer, comment);
  else if (request.reason === "gate") gateAnswered(deciding, stepKey, answer, comment);
  else choose(deciding, step, answer);
}

function answered(
  deciding: Deciding,
  step: WaitingStep,
  request: HumanRequest,
  answer: Answer,
  comment: string | undefined,
): void {
  if (answer.verdict === "no") {
    rejected(deciding, step.key, comment);
    return;
  }
  const output = { ...outputOf(request, answer.value), ...signature(deciding, comment) };
  deciding.emit("step.succeeded", { output }, { stepKey: step.key });
}

/** Who answers, when, and with what remark. */
function signature(deciding: Deciding, comment: string | undefined): JsonObject {
  const { actor } = deciding.command;
  const note = comment === undefined ? {} : { comment };
  return { by: actor.id, at: formatTimestamp(deciding.time), ...note };
}

/** Under fixed names, so that a form's own fields never stand beside ours. */
function outputOf(request: HumanRequest, answer: Json): { readonly [name: string]: Json } {
  if (request.kind === "input") return { values: answer };
  if (request.kind === "choice") return { choice: answer };
  return { approved: true };
}

function gateAnswered(
  deciding: Deciding,
  stepKey: string,
  answer: Answer,
  comment: string | undefined,
): void {
  if (answer.verdict === "yes") letGo(deciding, stepKey);
  else rejected(deciding, stepKey, comment);
}

function rejected(deciding: Deciding, stepKey: string, comment: string | undefined): void {
  const who = deciding.command.actor.id;
  const message = comment === undefined ? `rejected by ${who}` : `rejected by ${who}: ${comment}`;
  fail(deciding, stepKey, { code: "rejected", message, retryable: false });
}

/** The answer to a question that the engine itself asked about a step. */
function choose(deciding: Deciding, step: WaitingStep, answer: Answer): void {
  const choice = isJsonObject(answer.value) ? answer.value["choice"] : answer.value;
  const output = isJsonObject(answer.value) ? (answer.value["output"] ?? null) : null;
  const by = deciding.command.actor.id;
  const stepKey = step.key;
  if (choice === "retry") {
    startAgain(deciding, stepKey);
  } else if (choice === "succeeded") {
    const manual = { note: `${by} says that it happened` };
    deciding.emit("step.succeeded", { output, manual }, { stepKey });
  } else if (choice === "skip") {
    deciding.emit("step.skipped", { reason: "operator", note: `by ${by}` }, { stepKey });
  } else {
    const why = step.lastError?.message ?? step.reason;
    const message = `${by} recorded it as failed: ${why}`;
    fail(deciding, stepKey, {
      code: step.lastError?.code ?? step.reason,
      message,
      retryable: false,
    });
  }
}
