import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { ParentLink } from "../../../src/core/plan/event.ts";
import type { PlanLog } from "../../torture/check/read-book.ts";

/** What is kept of each plan to look at all of them together. */
export interface Kin {
  readonly planId: string;
  readonly parent: ParentLink | null;
  readonly status: string;
  /** Steps that have ended, and those that heard how their sub-plan ended. */
  readonly ended: ReadonlySet<string>;
  readonly heard: ReadonlyMap<string, string>;
}

const ENDS: ReadonlySet<PlanEvent["type"]> = new Set<PlanEvent["type"]>([
  "step.succeeded",
  "step.failed",
  "step.skipped",
  "step.cancelled",
]);
const OVER: ReadonlySet<string> = new Set(["completed", "failed", "cancelled", "rejected"]);

export function kinOf({ row, events }: PlanLog): Kin {
  const ended = new Set<string>();
  const heard = new Map<string, string>();
  let parent: ParentLink | null = null;
  for (const event of events) {
    if (event.type === "plan.created") parent = event.data.parent ?? null;
    if (event.stepKey === undefined) continue;
    if (ENDS.has(event.type)) ended.add(event.stepKey);
    if (event.type === "child.ended") heard.set(event.stepKey, event.data.status);
  }
  return { planId: row.id, parent, status: row.status, ended, heard };
}

/** Parents that never learn how a sub-plan ended, or were told otherwise; sub-plans that go on alone. */
export function findFamilyFaults(kin: readonly Kin[]): readonly string[] {
  const byId = new Map(kin.map((one) => [one.planId, one]));
  return kin.flatMap((child) => {
    if (child.parent === null) return [];
    const { planId, stepKey } = child.parent;
    const parent = byId.get(planId);
    if (parent === undefined) return [`${child.planId} has lost its parent ${planId}`];
    if (!OVER.has(child.status)) {
      const isAlone = OVER.has(parent.status) || parent.ended.has(stepKey);
      return isAlone ? [`${child.planId} goes on, though ${planId}/${stepKey} has ended`] : [];
    }
    const heard = parent.heard.get(stepKey);
    if (heard === child.status) return [];
    if (heard !== undefined)
      return [`${planId}/${stepKey} heard ${heard}, its sub-plan is ${child.status}`];
    return parent.ended.has(stepKey)
      ? []
      : [`${planId}/${stepKey} never learns that ${child.planId} is ${child.status}`];
  });
}

/** All plans of a family, whoever began it first. */
export function descendantsOf(planId: string, kin: readonly Kin[]): ReadonlySet<string> {
  const byParent = Map.groupBy(kin, ({ parent }) => parent?.planId ?? "");
  const found = new Set([planId]);
  for (const one of found) for (const child of byParent.get(one) ?? []) found.add(child.planId);
  return found;
}
