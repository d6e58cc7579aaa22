import type { Policy } from "../plan/policy.ts";
import type { Effect, PlanDocument, StepDocument, StepKind } from "../plan/document.ts";

/** How a step's needs join. */
export interface Join {
  readonly mode: "all" | "any";
  readonly needs: readonly string[];
  readonly allow: readonly ("skipped" | "failed")[];
}

/** A step of the graph with what follows from its place in it. */
export interface StepSpec {
  readonly key: string;
  readonly document: StepDocument;
  readonly kind: StepKind;
  readonly effect: Effect;
  readonly join: Join;
  /** Steps that need this one. */
  readonly dependents: readonly string[];
  /** Whether the plan fails when this step does. */
  readonly required: boolean;
  /** The step that this one stands in for when it fails for good. */
  readonly fallbackFor: string | null;
  readonly fallback: string | null;
  readonly forEach: { readonly items: string; readonly concurrency: number | null } | null;
  readonly pool: string;
  readonly capability: string;
  readonly priority: number;
  /** What each child of a `forEach` step is; null for other steps. */
  readonly child: StepSpec | null;
}

/** The steps of one revision by key, in the order of the text. Immutable. */
export interface Graph {
  readonly document: PlanDocument;
  readonly policy: Policy;
  readonly specs: ReadonlyMap<string, StepSpec>;
  /** Steps that start with the plan, in the order of the text. */
  readonly roots: readonly string[];
}
