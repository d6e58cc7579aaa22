import type { Actor } from "../actor.ts";
import type { Graph } from "../graph/graph.ts";
import type { Limits } from "../limits.ts";
import type { PlanId, RequestId, TenantId } from "../id.ts";
import type { Json, JsonObject } from "../json.ts";
import type { HumanRequest } from "../request/request.ts";
import type { StepError } from "../step/outcome.ts";
import type { ReadyLanes } from "../step/ready-lanes.ts";
import type { SignalQueue } from "../step/signal-queue.ts";
import type { Step, StepStatus } from "../step/step.ts";
import type { Table } from "../table.ts";
import type { Effect, PlanDocument } from "./document.ts";
import type { CancelMode, ParentLink } from "./event.ts";

export const PLAN_STATUSES = [
  "draft",
  "pending-approval",
  "approved",
  "executing",
  "completed",
  "failed",
  "cancelled",
  "rejected",
] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** What an executing plan is doing. */
export const PLAN_CONDITIONS = [
  "running",
  "waiting",
  "blocked",
  "paused",
  "cancelling",
  "failing",
] as const;
export type PlanCondition = (typeof PLAN_CONDITIONS)[number];

/**
 * Where a text came from. `operator` is a person's own file or the embedding program's own code:
 * its commands run directly. Anything else runs them in a sandbox, or not at all (SEC-42).
 */
export interface Origin {
  readonly kind: "file" | "library" | "plan" | "api";
  readonly trust: "operator" | "other";
  /** The folder that `workspace: shared` means. */
  readonly folder?: string;
  /** The file it was read from, to be shown. */
  readonly file?: string;
}

/** What a plan names outside its text, as it was when the plan was made. */
export interface Pins {
  readonly tools: Readonly<Record<string, { readonly effect: Effect }>>;
}

/** One immutable text with its input values and pins, named by its digest. */
export interface Revision {
  readonly number: number;
  /** SHA-256 of the canonical JSON of document, inputs and pins. */
  readonly digest: string;
  readonly document: PlanDocument;
  readonly inputs: JsonObject;
  readonly pins: Pins;
}

/** Why an executing plan is on its way to an end already. */
export type Ending =
  | { readonly kind: "cancel"; readonly mode: CancelMode; readonly reason: string | null }
  | { readonly kind: "fail"; readonly error: StepError }
  | { readonly kind: "finish"; readonly result: "success" | "failure" };

export type StepCounts = Readonly<Record<StepStatus, number>>;

/**
 * A plan as its events add up. The head is immutable; the tables have one holder, the store's
 * cache, where `evolve` writes in place. `decide` lays a draft over them.
 * Times are milliseconds since 1970.
 */
export interface Plan {
  readonly id: PlanId;
  readonly tenantId: TenantId;
  /** Number of the last event. */
  readonly version: number;
  /** Time of the last event. */
  readonly time: number;
  readonly status: PlanStatus;
  readonly name: string;
  readonly origin: Origin;
  readonly parent: ParentLink | null;
  readonly revision: Revision;
  readonly graph: Graph;
  readonly limits: Limits;
  readonly createdBy: Actor;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly paused: boolean;
  readonly ending: Ending | null;
  /** The open or decided request for the plan's own approval. */
  readonly approvalRequest: RequestId | null;
  readonly answer: Json;
  readonly partial: boolean;
  readonly error: StepError | null;
  readonly summary: string | null;

  /** Steps that something has happened to, `forEach` children among them; the others are pending. */
  readonly steps: Table<Step>;
  /** Needs that have not ended yet, and needs that ended as the join demands, per step. */
  readonly unsettledNeeds: Table<number>;
  readonly metNeeds: Table<number>;
  /** The items of expanded `forEach` steps, and how many children have been let go and have ended. */
  readonly expansions: Table<Expansion>;
  readonly requests: Table<HumanRequest>;
  /** Late reports that have been told already: step, attempt and worker. */
  readonly refused: Table<true>;
  /** Signals that came before anybody waited for them, oldest first, by name. */
  readonly signals: Table<readonly Json[]>;
  /** Keys of signals already received. */
  readonly signalKeys: Table<true>;
  /** Steps that wait for a signal, by place and name, and the places of each name. */
  readonly signalWaiters: Table<string>;
  readonly signalQueues: Table<SignalQueue>;
  /** Open sub-plans and the step that each belongs to. */
  readonly children: Table<string>;
  /** Steps under way. */
  readonly running: Table<true>;
  readonly lanes: ReadyLanes;
  readonly counts: StepCounts;
  readonly openRequests: number;
  /** Steps that succeeded with all their checks passed. */
  readonly verified: number;
  /** Steps whose failing, or whose success in part, makes the plan's own success partial. */
  readonly partials: number;
  /** Working time (no step under way: none), and since when it has been counting. */
  readonly workedMs: number;
  readonly workingSince: number | null;
}

/** What became of a `forEach` step's list. */
export interface Expansion {
  readonly items: readonly Json[];
  readonly concurrency: number | null;
  readonly released: number;
  readonly ended: number;
  readonly failed: number;
}

const ENDED: Readonly<Record<PlanStatus, boolean>> = {
  draft: false,
  "pending-approval": false,
  approved: false,
  executing: false,
  completed: true,
  failed: true,
  cancelled: true,
  rejected: true,
};

/** Whether a plan has its terminal record; it never moves again. */
export function isEnded(status: PlanStatus): boolean {
  return ENDED[status];
}
