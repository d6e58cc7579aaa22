import { pointerOf } from "../../core/graph/fault.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import type { TextFault } from "../../format/read-plan.ts";

const UNVERIFIED = "no-verification";

/**
 * What is told of a plan that is handed in to be carried out. That nothing in it is verified is for
 * whoever looks it over; here it is said only where an agent works unverified, and once. Without a
 * document, since it is at fault, nothing of it is carried out.
 */
export function warningsOfRun(
  document: PlanDocument | null,
  warnings: readonly TextFault[],
): readonly TextFault[] {
  const agents = document === null ? [] : plansWithAgents(document, []);
  const told = warnings.find(
    ({ code, pointer }) => code === UNVERIFIED && agents.includes(pointer),
  );
  return warnings.filter((warning) => warning.code !== UNVERIFIED || warning === told);
}

/** Pointers of the plan and the sub-plans that have agents at work. */
function plansWithAgents({ steps }: PlanDocument, path: readonly string[]): readonly string[] {
  const all = Object.entries(steps);
  const own = all.some(([, step]) => step.do === "agent") ? [pointerOf(path)] : [];
  const below = all.flatMap(([key, { plan }]) =>
    plan === undefined ? [] : plansWithAgents(plan, [...path, "steps", key, "plan"]),
  );
  return [...own, ...below];
}
