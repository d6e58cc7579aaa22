import type { Actor } from "../actor.ts";
import type { PlanId, RequestId } from "../id.ts";
import type { Json, JsonObject } from "../json.ts";

export type RequestKind = "approval" | "input" | "choice" | "review";
export type RequestStatus = "open" | "decided" | "expired" | "closed";

/** Why the engine itself asks; null where the plan asks. */
export type RequestReason =
  | "plan-approval"
  | "gate"
  | "ambiguous-effect"
  | "set-aside"
  | "step-failed";

/** One choice that is offered. */
export interface RequestOption {
  readonly value: string;
  readonly title: string;
}

/** What becomes of a request that nobody answers in time. */
export type RequestTimeout =
  | { readonly kind: "fail" }
  | { readonly kind: "skip" }
  | { readonly kind: "answer"; readonly answer: Json };

/** What is asked of a person, and the one decision that settles it. */
export interface HumanRequest {
  readonly id: RequestId;
  readonly planId: PlanId;
  readonly stepKey: string | null;
  readonly status: RequestStatus;
  readonly kind: RequestKind;
  readonly title: string;
  /** Markdown. */
  readonly message: string;
  readonly reason: RequestReason | null;
  /** A flat JSON Schema of what is to be filled in. */
  readonly form: JsonObject | null;
  readonly options: readonly RequestOption[];
  /** SHA-256 of what exactly is decided. */
  readonly subjectDigest: string;
  /** `person:NAME`, `role:NAME`, `team:NAME`; empty means anybody who may decide. */
  readonly assignees: readonly string[];
  readonly quorum: number;
  readonly createdAt: number;
  readonly dueAt: number | null;
  readonly onTimeout: RequestTimeout;
  readonly decision: Decided | null;
}

/** The one answer to a request. */
export interface Decided {
  readonly answer: Json;
  readonly comment: string | null;
  readonly by: "person" | "timeout" | "policy";
  readonly actor: Actor;
  readonly at: number;
}
