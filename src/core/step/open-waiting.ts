import { parseDuration } from "../duration.ts";
import type { Json } from "../json.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { GateDocument, RequestDocument, WaitDocument } from "../plan/document.ts";
import { signalOutput } from "../plan/signals.ts";
import { openRequest } from "../request/open-request.ts";
import { formatTimestamp, parseTimestamp } from "../timestamp.ts";
import { endInFailure } from "./fail-step.ts";
import { fillIn, fillInText, writtenInput } from "./fill-in.ts";
import { specOf, stepOf } from "./lookup.ts";

/** Asks what a `human` step asks. */
export function askPerson(deciding: Deciding, key: string, request: RequestDocument): void {
  const title = fillInText(deciding, key, request.title);
  if (title === null) return;
  const message = fillInText(deciding, key, request.message ?? "");
  if (message === null) return;
  const input = takeInput(deciding, key);
  if (input === null) return;
  const requestId = openRequest(deciding, key, {
    kind: request.kind,
    title,
    message,
    reason: null,
    form: request.form ?? null,
    options: (request.options ?? []).map((option) => ({
      value: option.value,
      title: option.title ?? option.value,
    })),
    subject: { title, message, input: input.value },
    assignees: request.assignees ?? [],
    quorum: request.quorum ?? 1,
    due: request.due ?? null,
    onTimeout: request.onTimeout ?? "fail",
  });
  const waiting = { reason: "request", requestId, input: input.value } as const;
  deciding.emit("step.waiting", waiting, { stepKey: key });
}

/** Asks before the first attempt of a step; what is approved is this exact input. */
export function openGate(deciding: Deciding, key: string, gate: GateDocument | true): void {
  const spec = specOf(deciding.plan, key);
  const { document } = spec;
  const input = fillIn(deciding, key, writtenInput(spec));
  if (input === null) return;
  const text = gate === true ? {} : gate;
  const message = fillInText(deciding, key, text.message ?? "");
  if (message === null) return;
  const requestId = openRequest(deciding, key, {
    kind: "approval",
    title: text.title ?? `Let "${document.title ?? key}" start?`,
    message,
    reason: "gate",
    form: null,
    options: [],
    subject: { do: document.do, owner: document.owner ?? null, input: input.value },
    assignees: text.assignees ?? [],
    quorum: 1,
    due: text.due ?? null,
    onTimeout: "fail",
  });
  const waiting = { reason: "gate", requestId, input: input.value } as const;
  deciding.emit("step.waiting", waiting, { stepKey: key });
}

/** Opens a pause, or the wait for a signal, which may have come already. */
export function openWait(deciding: Deciding, key: string, wait: WaitDocument): void {
  if (takeInput(deciding, key) === null) return;
  if (wait.signal !== undefined) {
    openSignalWait(deciding, key, wait.signal, wait.timeout);
    return;
  }
  const until =
    wait.until === undefined
      ? endOfPause(deciding, key, wait.for ?? "")
      : timeInText(deciding, key, wait.until);
  if (until === null) return;
  const waiting = { reason: "timer", until: formatTimestamp(until) } as const;
  deciding.emit("step.waiting", waiting, { stepKey: key });
}

function openSignalWait(deciding: Deciding, key: string, signal: string, timeout?: string): void {
  const name = fillInText(deciding, key, signal);
  if (name === null) return;
  const until = timeout === undefined ? null : endOfPause(deciding, key, timeout);
  if (timeout !== undefined && until === null) return;
  const limit = until === null ? {} : { until: formatTimestamp(until) };
  deciding.emit("step.waiting", { reason: "signal", signal: name, ...limit }, { stepKey: key });
  const kept = deciding.plan.signals.get(name)?.[0];
  if (kept === undefined) return;
  deciding.emit("step.succeeded", { output: signalOutput(name, kept) }, { stepKey: key });
}

/** Begins a sub-plan: a message takes its text and input there. */
export function openSubPlan(deciding: Deciding, key: string): void {
  const input = takeInput(deciding, key);
  if (input === null) return;
  const childPlanId = deciding.id("pln");
  const waiting = { reason: "sub-plan", childPlanId, input: input.value } as const;
  deciding.emit("step.waiting", waiting, { stepKey: key });
}

/** The input of a step that no worker carries out; an approval of it is used up here. */
function takeInput(deciding: Deciding, key: string): { readonly value: Json } | null {
  const { approval } = stepOf(deciding.plan, key);
  if (approval === null) return fillIn(deciding, key, writtenInput(specOf(deciding.plan, key)));
  const { requestId, digest, input } = approval;
  deciding.emit("approval.consumed", { requestId, digest }, { stepKey: key });
  return { value: input };
}

function endOfPause(deciding: Deciding, key: string, text: string): number | null {
  const filled = fillInText(deciding, key, text);
  if (filled === null) return null;
  const ms = parseDuration(filled);
  if (ms !== null) return deciding.time + ms;
  return notATime(deciding, key, `not a duration such as 10m: ${JSON.stringify(filled)}`);
}

function timeInText(deciding: Deciding, key: string, text: string): number | null {
  const filled = fillInText(deciding, key, text);
  if (filled === null) return null;
  const ms = parseTimestamp(filled);
  if (ms !== null) return ms;
  return notATime(deciding, key, `not an RFC 3339 time: ${JSON.stringify(filled)}`);
}

function notATime(deciding: Deciding, key: string, message: string): null {
  endInFailure(deciding, key, { code: "time", message, retryable: false });
  return null;
}
