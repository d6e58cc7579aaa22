import type { NeedsDocument, PlanDocument, StepDocument } from "../core/plan/document.ts";

/** A step of a plan whose steps have these keys. */
export type StepDefinition<Keys extends string> = Omit<StepDocument, "needs" | "onFailure"> & {
  readonly needs?: NeedsDefinition<Keys>;
  readonly onFailure?: "fail" | "continue" | "ask" | { readonly fallback: Keys };
};

/** Needs that name steps of the same plan. */
export type NeedsDefinition<Keys extends string> =
  | readonly Keys[]
  | (Omit<Extract<NeedsDocument, { readonly all: unknown }>, "all"> & {
      readonly all: readonly Keys[];
    })
  | (Omit<Extract<NeedsDocument, { readonly any: unknown }>, "any"> & {
      readonly any: readonly Keys[];
    });

/** A plan whose needs and fallbacks the compiler compares with the keys of its steps. */
export type PlanDefinition<Keys extends string> = Omit<PlanDocument, "steps"> & {
  readonly steps: Readonly<Record<Keys, StepDefinition<NoInfer<Keys>>>>;
};

/**
 * A plan written in TypeScript, as the data that a plan file would give. A need that names no step
 * does not compile; all else is judged by `checkPlan` and when the plan is handed in.
 */
export function definePlan<const Keys extends string>(plan: PlanDefinition<Keys>): PlanDocument {
  return plan;
}
