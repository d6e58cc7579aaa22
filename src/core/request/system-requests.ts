import type { Deciding } from "../plan/deciding.ts";
import type { StepError } from "../step/outcome.ts";
import { openRequest, type Question } from "./open-request.ts";
import type { RequestOption, RequestReason } from "./request.ts";

const RETRY: RequestOption = {
  value: "retry",
  title: "It did not happen, or may happen again: run it again",
};
const HAPPENED: RequestOption = {
  value: "succeeded",
  title: "It happened: record it as succeeded",
};
const SKIP: RequestOption = { value: "skip", title: "Go on without it" };
const FAIL: RequestOption = { value: "fail", title: "Record it as failed" };

/** Nobody knows whether an effect that must not happen twice has happened: a person must look. */
export function askWhetherItHappened(deciding: Deciding, key: string, attempt: number): void {
  ask(deciding, key, "ambiguous-effect", {
    title: `Did "${key}" take effect?`,
    message: `Attempt ${attempt} began and ended without an answer, and its effect is declared \`once\`. It is not run again by itself.`,
    options: [HAPPENED, RETRY, FAIL],
  });
}

/** A step that has cost too many workers their lives is set aside. */
export function setAside(deciding: Deciding, key: string, recoveries: number): void {
  ask(deciding, key, "set-aside", {
    title: `"${key}" was set aside`,
    message: `${recoveries} attempts ended with the worker that ran them.`,
    options: [RETRY, SKIP, FAIL],
  });
}

/** A step failed for good, and its text says to ask. */
export function askWhatNow(deciding: Deciding, key: string, error: StepError): void {
  ask(deciding, key, "failed", {
    title: `"${key}" failed: what now?`,
    message: `${error.code}: ${error.message}`,
    options: [RETRY, SKIP, FAIL],
    error,
  });
}

function ask(
  deciding: Deciding,
  key: string,
  reason: "ambiguous-effect" | "set-aside" | "failed",
  text: Pick<Question, "title" | "message" | "options"> & { readonly error?: StepError },
): void {
  const { error, ...shown } = text;
  const requestId = openRequest(deciding, key, {
    ...shown,
    kind: "choice",
    reason: REQUEST_REASON[reason],
    form: null,
    subject: { reason, attempt: deciding.plan.steps.get(key)?.attempt ?? 0 },
    assignees: [],
    quorum: 1,
    due: null,
    onTimeout: "fail",
  });
  const about = error === undefined ? {} : { error };
  deciding.emit("step.waiting", { reason, requestId, ...about }, { stepKey: key });
}

const REQUEST_REASON: Readonly<Record<"ambiguous-effect" | "set-aside" | "failed", RequestReason>> =
  { "ambiguous-effect": "ambiguous-effect", "set-aside": "set-aside", failed: "step-failed" };
