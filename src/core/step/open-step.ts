import { fillInText } from "./fill-in.ts";
import { formatTimestamp, parseTimestamp } from "../timestamp.ts";
import { known } from "../known.ts";
import type { Deciding } from "../plan/deciding.ts";
import { endInFailure } from "./fail-step.ts";
import { expand } from "./for-each.ts";
import { specOf, stepOf } from "./lookup.ts";
import { askPerson, openGate, openSubPlan, openWait } from "./open-waiting.ts";
import { scopeOf } from "./scope.ts";

/**
 * A step whose needs are met: its condition is judged, its list expanded, and it is let go. Steps
 * that need no worker are opened at once. A child of `forEach` comes here when it has its place.
 */
export function openStep(deciding: Deciding, key: string): void {
  const spec = specOf(deciding.plan, key);
  const isChild = stepOf(deciding.plan, key).parentKey !== null;
  const { when } = spec.document;
  if (!isChild && when !== undefined && !conditionHolds(deciding, key, when)) return;
  const { approve } = spec.document;
  if (spec.forEach !== null) expand(deciding, key, spec.forEach);
  else if (approve === undefined) letGo(deciding, key);
  else openGate(deciding, key, approve);
}

/** Lets a step go that nothing holds up any more: what needs no worker is opened, the rest stands in line. */
export function letGo(deciding: Deciding, key: string): void {
  const { kind, document } = specOf(deciding.plan, key);
  switch (kind) {
    case "human":
      askPerson(deciding, key, known(document.request, `${key}.request`));
      break;
    case "wait":
      openWait(deciding, key, known(document.wait, `${key}.wait`));
      break;
    case "plan":
      openSubPlan(deciding, key);
      break;
    case "command":
    case "tool":
    case "agent":
    case "verify":
    case "external":
      readyStep(deciding, key);
  }
}

/** Puts a step in line for a worker, not before its own time. */
function readyStep(deciding: Deciding, key: string): void {
  const { at } = specOf(deciding.plan, key).document;
  if (at === undefined) {
    deciding.emit("step.readied", {}, { stepKey: key });
    return;
  }
  const text = fillInText(deciding, key, at);
  if (text === null) return;
  const time = parseTimestamp(text);
  if (time === null) {
    const message = `\`at\` is not an RFC 3339 time such as 2026-01-31T09:00:00Z: ${JSON.stringify(text)}`;
    endInFailure(deciding, key, { code: "time", message, retryable: false });
    return;
  }
  const data = time > deciding.time ? { notBefore: formatTimestamp(time) } : {};
  deciding.emit("step.readied", data, { stepKey: key });
}

function conditionHolds(deciding: Deciding, key: string, when: string): boolean {
  const verdict = deciding.pure.evaluate(when, scopeOf(deciding.plan, key));
  if (verdict.ok && verdict.value === true) return true;
  if (verdict.ok && verdict.value === false) {
    deciding.emit("step.skipped", { reason: "condition" }, { stepKey: key });
    return false;
  }
  const message = verdict.ok
    ? `\`when\` must come to true or false, not ${JSON.stringify(verdict.value)}`
    : `\`when\`: ${verdict.message}`;
  endInFailure(deciding, key, { code: "expression", message, retryable: false });
  return false;
}
