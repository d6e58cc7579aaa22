import type { Effect, PlanDocument } from "../core/plan/document.ts";
import type { Pins } from "../core/plan/plan.ts";

/** What the engine knows of the tools that plans may name. */
export type ToolEffects = ReadonlyMap<string, Effect>;

/**
 * What a text and its sub-plans name outside themselves, as it is now: later changes of a tool's
 * declaration do not touch plans under way.
 */
export function pinsOf(document: PlanDocument, effects: ToolEffects): Pins {
  const tools: Record<string, { effect: Effect }> = {};
  for (const name of toolNames(document)) tools[name] = { effect: effects.get(name) ?? "once" };
  return { tools };
}

function* toolNames(document: PlanDocument): IterableIterator<string> {
  for (const step of Object.values(document.steps)) {
    if (step.do === "tool" && step.owner !== undefined) yield step.owner;
    if (step.plan !== undefined) yield* toolNames(step.plan);
  }
}
