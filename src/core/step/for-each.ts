import type { Deciding } from "../plan/deciding.ts";
import type { Expansion, Plan } from "../plan/plan.ts";
import type { Json } from "../json.ts";
import { known } from "../known.ts";
import { cancelStep } from "../plan/stop.ts";
import { endInFailure, fail } from "./fail-step.ts";
import { childKey, specOf, stepOf } from "./lookup.ts";
import { listGoesOn } from "./left-over.ts";
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
  for (let index = 0; index < Math.min(items.length, concurrency ?? items.length); index += 1) {
    deciding.opening.push(childKey(key, index));
  }
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
    failList(deciding, parentKey, `${key}: ${message}`, { stepKey: key, code });
  } else if (expansion.ended === expansion.items.length) {
    endTogether(deciding, parentKey, expansion);
  } else if (expansion.concurrency !== null) {
    letNextGo(deciding, parentKey, expansion);
  }
}

function letNextGo(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  const { length: inLine } = [...deciding.opening.keys()].filter((key) =>
    key.startsWith(`${parentKey}.`),
  );
  const next = expansion.released + inLine;
  if (next < expansion.items.length) deciding.opening.push(childKey(parentKey, next));
}

function itemsOf(deciding: Deciding, key: string, expression: string): readonly Json[] | null {
  const { plan } = deciding;
  const list = deciding.pure.evaluate(expression, scopeOf(plan, key));
  const message = list.ok ? unfit(plan, list.value) : list.message;
  if (message === null && list.ok && Array.isArray(list.value)) return list.value;
  const error = { code: "expression", message: `\`forEach\`: ${message}`, retryable: false };
  endInFailure(deciding, key, error);
  return null;
}

function unfit(plan: Plan, value: Json): string | null {
  if (!Array.isArray(value))
    return `must come to a list, not ${JSON.stringify(value).slice(0, 80)}`;
  const { forEachMax } = plan.limits;
  return value.length <= forEachMax ? null : `${value.length} items are more than ${forEachMax}`;
}

/** Who has been asked about the children is not asked the same again about their list. */
function failList(deciding: Deciding, parentKey: string, message: string, details: Json): void {
  const error = { code: "child-failed", message, retryable: false, details };
  if (specOf(deciding.plan, parentKey).document.onFailure === "ask")
    fail(deciding, parentKey, error);
  else endInFailure(deciding, parentKey, error);
}

/** The step fails with one of its children: the others that have not started never will. */
function giveUpChildren(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  for (let index = 0; index < expansion.items.length; index += 1) {
    const child = stepOf(deciding.plan, childKey(parentKey, index));
    if (child.status !== "running") cancelStep(deciding, child, "parent-ended");
  }
}

function endTogether(deciding: Deciding, parentKey: string, expansion: Expansion): void {
  const outputs = expansion.items.map((_, index) =>
    outputOf(deciding.plan, childKey(parentKey, index)),
  );
  const { length } = expansion.items;
  if (expansion.failed === length) {
    failList(deciding, parentKey, `none of ${length} children succeeded`, { failed: length });
    return;
  }
  const partial =
    expansion.failed === 0
      ? {}
      : { partial: `${expansion.failed} of ${length} children did not succeed` };
  deciding.emit("step.succeeded", { output: outputs, ...partial }, { stepKey: parentKey });
}

function outputOf(plan: Plan, key: string): Json {
  const child = stepOf(plan, key);
  return child.status === "succeeded" ? child.output : null;
}
