import type { PlanId, TenantId, WorkerId } from "../id.ts";
import type { Json } from "../json.ts";
import type { Effect, StepDocument } from "../plan/document.ts";
import type { Feedback } from "../plan/event.ts";
import type { Origin } from "../plan/plan.ts";
import type { Scope } from "../pure.ts";

/**
 * The queue that a ready step stands in: only a worker of that pool with that capability may lease
 * it. A capability is the step's kind, or `tool:NAME`.
 */
export interface Lane {
  readonly pool: string;
  readonly capability: string;
  /** A step that has cost several workers their lives runs with nothing beside it. */
  readonly alone: boolean;
}

/** What a worker can carry out, and how much of it now. */
export interface Offer {
  readonly workerId: WorkerId;
  readonly slots: number;
  readonly pools: readonly string[];
  readonly capabilities: ReadonlySet<string>;
  /** Whether nothing runs in the worker, so that a step that must run alone may. */
  readonly idle: boolean;
}

/** The right to carry out one attempt, with all that its executor needs to know. */
export interface Lease {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly attempt: number;
  readonly document: StepDocument;
  readonly effect: Effect;
  /** The resolved `with`. */
  readonly input: Json;
  readonly timeoutMs: number;
  readonly idleMs: number | null;
  /** Failed checks of the last round, for the owner to read. */
  readonly feedback: readonly Feedback[];
  readonly loop: number;
  readonly origin: Origin;
  readonly alone: boolean;
  /** What the step's expressions can see. */
  readonly scope: Scope;
}
