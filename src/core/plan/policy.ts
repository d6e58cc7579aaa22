import { durationMs } from "../duration.ts";
import type { Limits } from "../limits.ts";
import type { PlanDocument, RetryDocument } from "./document.ts";

/** How a plan is carried out, with every default filled in. */
export interface Policy {
  readonly approval: "required" | "none";
  readonly verification: "required" | "none";
  readonly concurrency: number;
  readonly retry: Retry;
  readonly wallMs: number;
  readonly onRequest: "continue" | "pause";
}

/** How failed attempts are repeated. */
export interface Retry {
  /** Starts of one piece of work, the first among them. */
  readonly attempts: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

const DEFAULT_RETRY: Retry = { attempts: 3, firstMs: 1000, factor: 2, maxMs: 60_000 };

/** What holds for a plan: what its text says, else the defaults. */
export function effectivePolicy(document: PlanDocument, limits: Limits): Policy {
  const policy = document.policy ?? {};
  return {
    approval: policy.approval ?? "required",
    verification: policy.verification ?? "none",
    concurrency: policy.concurrency ?? 5,
    retry: effectiveRetry(policy.retry, DEFAULT_RETRY),
    wallMs: policy.budget?.wall === undefined ? limits.wallMs : durationMs(policy.budget.wall),
    onRequest: policy.onRequest ?? "continue",
  };
}

/** A step's own retry over that of its plan. */
export function effectiveRetry(document: RetryDocument | undefined, above: Retry): Retry {
  if (document === undefined) return above;
  return {
    attempts: document.attempts ?? above.attempts,
    firstMs: document.first === undefined ? above.firstMs : durationMs(document.first),
    factor: document.factor ?? above.factor,
    maxMs: document.max === undefined ? above.maxMs : durationMs(document.max),
  };
}
