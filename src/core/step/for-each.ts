import type { Deciding } from "../plan/deciding.ts";
import { allSteps } from "../plan/counts.ts";
import type { Expansion, Plan } from "../plan/plan.ts";
import { isJsonList, type Json } from "../json.ts";
import { jsonBytes } from "../json-size.ts";
import { known } from "../known.ts";
import type { Evaluated } from "../pure.ts";
import { cancelStep } from "../plan/stop.ts";
import { endInFailure, fail } from "./fail-step.ts";
import { childKey, specOf, stepOf } from "./lookup.ts";
import { listGoesOn } from "./left-over.ts";
import type { StepError } from "./outcome.ts";
import { scopeOf } from "./scope.ts";

/** Makes a child of a `forEach` step for each item, and lets go as many as may be under way at once. */
export function expand(
  deciding: Deciding,
  key: string,
  forEach: { readonly items: string; readonly concurrency: number | null },
): void {
  const items = itemsOf(deciding, key, forEach.items);
  if (items === null) return;
  const { concurrency } = forEach;
  const cap = concurrency === null ? {} : { concurrency };
  deciding.emit("step.expanded", { items, ...cap }, { stepKey: key });
  deciding.emit("step.waiting", { reason: "children" }, { stepKey: key });
  if (items.length === 0) deciding.emit("step.succeeded", { output: [] }, { stepKey: key });
  const atOnce = Math.min(items.length, concurrency ?? items.length);
  for (let index = 0; index < atOnce; index += 1) letGo(deciding, key, index);
}

/** A child has ended: the next one is let go, or the list is done, or the step fails with it. */
export function settleChild(deciding: Deciding, parentKey: string, key: string): void {
  const { plan } = deciding;
  const parent = stepOf(plan, parentKey);
  if (plan.ending !== null || !listGoesOn(parent)) return;
  const child = stepOf(plan, key);
  const expansion = known(plan.expansions.get(parentKey), "expansion");
  const tolerant = specOf(plan, parentKey).document.onFailure === "continue";
  if (child.status === "failed" && !tolerant) {
    giveUpChildren(deciding, parentKey, expansion);
    const { code, message } = child.error;
    failList(deciding, parentKey, childFailed(`${key}: ${message}`, { stepKey: key, code }));
  } else if (expansion.ended === expansion.items.length) {
    endTogether(deciding, parentKey, expansion);
  } else if (expansion.concurrency !== null) {
    letNextGo(deciding, parentKey, expansion);
  }
}

/** Children are let go one after the other; some may stand in line to be opened in this decision. */
function letNextGo(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  const next = Math.max(expansion.released, deciding.letGo.get(parentKey) ?? 0);
  if (next < expansion.items.length) letGo(deciding, parentKey, next);
}

function letGo(deciding: Deciding, parentKey: string, index: number): void {
  deciding.letGo.set(parentKey, index + 1);
  deciding.opening.push(childKey(parentKey, index));
}

function itemsOf(deciding: Deciding, key: string, expression: string): readonly Json[] | null {
  const { plan } = deciding;
  const list = readItems(plan, deciding.pure.evaluate(expression, scopeOf(plan, key)));
  if (!list.ok) {
    endInFailure(deciding, key, listError("expression", list.message));
    return null;
  }
  const error = tooManySteps(plan, list.items.length);
  if (error === null) return list.items;
  endInFailure(deciding, key, error);
  return null;
}

/** Children are steps of the plan as others are, and its limit holds for all of them together. */
function tooManySteps(plan: Plan, children: number): StepError | null {
  const { stepsMax } = plan.limits;
  const steps = allSteps(plan.counts) + children;
  if (steps <= stepsMax) return null;
  const message =
    `${children} children would make ${steps} steps of this plan, more than its limit \`stepsMax\`, which is ${stepsMax}; ` +
    "shorten the list, leave parts of it to sub-plans (`do: plan`), or create the plan with a higher limit";
  return listError("too-many-steps", message);
}

function listError(code: string, message: string): StepError {
  return { code, message: `\`forEach\`: ${message}`, retryable: false };
}

type Items =
  | { readonly ok: true; readonly items: readonly Json[] }
  | { readonly ok: false; readonly message: string };

function readItems(plan: Plan, list: Evaluated): Items {
  if (!list.ok) return list;
  if (!isJsonList(list.value)) {
    const found = JSON.stringify(list.value).slice(0, 80);
    return { ok: false, message: `must come to a list, not ${found}` };
  }
  const { length } = list.value;
  const { forEachMax } = plan.limits;
  if (length <= forEachMax) return { ok: true, items: list.value };
  return { ok: false, message: `${length} items are more than ${forEachMax}` };
}

/**
 * Ends a list that has been worked through in vain. It has no second beginning: whoever has been
 * asked about its children is not asked the same again about the list.
 */
function failList(deciding: Deciding, parentKey: string, error: StepError): void {
  if (specOf(deciding.plan, parentKey).document.onFailure === "ask")
    fail(deciding, parentKey, error);
  else endInFailure(deciding, parentKey, error);
}

function childFailed(message: string, details: Json): StepError {
  return { code: "child-failed", message, retryable: false, details };
}

/** The step fails with one of its children: the others that have not started never will. */
function giveUpChildren(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  for (let index = 0; index < expansion.items.length; index += 1) {
    const child = stepOf(deciding.plan, childKey(parentKey, index));
    if (child.status !== "running") cancelStep(deciding, child, "parent-ended");
  }
}

function endTogether(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  const { plan } = deciding;
  const { items, failed } = expansion;
  const output = items.map((_, index) => outputOf(plan, childKey(parentKey, index)));
  const error = whyInVain(plan, expansion, output);
  if (error !== null) {
    failList(deciding, parentKey, error);
    return;
  }
  const lacks = `${failed} of ${items.length} children did not succeed`;
  const partial = failed === 0 ? {} : { partial: lacks };
  deciding.emit("step.succeeded", { output, ...partial }, { stepKey: parentKey });
}

function whyInVain(plan: Plan, { items, failed }: Expansion, output: Json): StepError | null {
  const { length } = items;
  if (failed === length) return childFailed(`none of ${length} children succeeded`, { failed });
  const bytes = jsonBytes(output);
  const max = plan.limits.listBytesMax;
  if (bytes <= max) return null;
  const message = `the outputs of the children are ${bytes} bytes together, more than ${max}; publish large values as artifacts`;
  return { code: "output-too-large", message, retryable: false };
}

function outputOf(plan: Plan, key: string): Json {
  const child = stepOf(plan, key);
  return child.status === "succeeded" ? child.output : null;
}
