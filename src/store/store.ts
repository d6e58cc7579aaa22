import type { ArtifactId, PlanId, RequestId, TenantId, WorkerId } from "../core/id.ts";
import type { Decide, Decision } from "../core/plan/decision.ts";
import type { PlanCommand } from "../core/plan/command.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { MessageId, PlanMessage } from "../core/plan/message.ts";
import type { Plan, PlanStatus, Revision } from "../core/plan/plan.ts";
import type { RequestStatus } from "../core/request/request.ts";
import type { LimitKey } from "../core/shared/limit-key.ts";
import type { SharedLimit } from "../core/shared/shared-limit.ts";
import type { Lane } from "../core/step/lease.ts";
import type { ArtifactRef } from "../core/step/outcome.ts";
import type { StoreClock } from "./clock.ts";
import type { LimitChange } from "./limit-change.ts";
import type { PlanRow, RequestRow, StepRow } from "./projection.ts";

/**
 * Remembering, for one tenant. One contract, kept by every store and proved by the contract suite
 * in `planwright/testing`. What is returned has been committed durably.
 */
export interface Store extends StoreReader {
  /**
   * The one door for plans. In one transaction: is the command known (then its first answer is
   * given again, without leases), load, decide, append, project. Commands that wait at the same
   * time share a transaction. `settles` is a message that is thereby delivered, whatever the
   * decision. A lease or a timer that came to nothing is not remembered as a command. Faults:
   * `StoreFault`; after one the command may or may not stand, and sending it again with the same
   * id tells.
   */
  commit(command: PlanCommand, decide: Decide, settles?: MessageId): Promise<Decision>;

  /**
   * Changes a limit and gives it as it then is: one of this tenant, or for a pool the one that all
   * tenants share. It holds for every attempt that starts afterwards; in the other processes of a
   * fleet, for those that start more than two seconds later. Attempts that were under way before it
   * was there are not counted.
   */
  changeLimit(key: LimitKey, change: LimitChange): Promise<SharedLimit>;

  /** Live output of attempts: kept beside the log, never part of it. Appending is batched. */
  appendProgress(chunks: readonly ProgressChunk[]): Promise<void>;
}

/** The reading half of a store, for one tenant. */
export interface StoreReader {
  readonly tenantId: TenantId;

  /**
   * Looks at a plan as it is now; null where there is none. `look` must be synchronous and keep
   * nothing of the plan: the next commit writes in place.
   */
  read<T>(planId: PlanId, look: (plan: Plan) => T): Promise<T | null>;

  /** Events of one plan after a number, oldest first. */
  events(planId: PlanId, range?: EventRange): Promise<readonly PlanEvent[]>;
  /** The same with the hash of each: SHA-256 of the hash before it and its own canonical JSON. */
  chain(planId: PlanId, range?: EventRange): Promise<readonly ChainedEvent[]>;
  /** A text of a plan; null where it has none of that number. */
  revision(planId: PlanId, number: number): Promise<Revision | null>;

  /** Events of all plans in the order of their commits, resumable by cursor without gaps. */
  feed(after: FeedCursor | null, limit: number): Promise<FeedPage>;

  /** The newest first. */
  plans(query?: PlanQuery): Promise<Page<PlanRow>>;
  /** The oldest first: who has waited longest. */
  requests(query?: RequestQuery): Promise<Page<RequestRow>>;
  /** Steps of one plan that something has happened to, in the order in which it first did. */
  steps(planId: PlanId): Promise<readonly StepRow[]>;

  /** The plan that a request belongs to. */
  findPlanOfRequest(requestId: RequestId): Promise<PlanId | null>;
  findArtifact(artifactId: ArtifactId): Promise<ArtifactRow | null>;
  artifacts(planId: PlanId): Promise<readonly ArtifactRow[]>;

  progress(query: ProgressQuery): Promise<readonly ProgressRow[]>;

  /** The limits in force for this tenant: its own, and those that all tenants share. By key. */
  limits(): Promise<readonly SharedLimit[]>;
}

/** All tenants of one database, and the life of the processes that work on it. */
export interface Stores extends StoresReader {
  /** Whether one process owns it, so that no worker but its own can be alive. */
  readonly exclusive: boolean;
  readonly artifactStore: ArtifactStore;
  forTenant(tenantId: TenantId): Store;

  /**
   * Begins the life of a worker. Whoever holds the same name has lost it: that lease is ended for
   * good. The id is new each time.
   */
  beginLease(holder: LeaseHolder, now: number, ttlMs: number): Promise<WorkerId>;
  /** False: it has been ended; the process must begin anew. */
  renewLease(workerId: WorkerId, now: number, ttlMs: number): Promise<boolean>;
  endLease(workerId: WorkerId): Promise<void>;
  /**
   * Goes on renewing a lease however long the main loop is busy with other things, up to a limit,
   * besides whoever calls `renewLease`. Only where a store has its own way to do so.
   */
  keepLease?(workerId: WorkerId, times: LeaseTimes, onWord: (word: LeaseWord) => void): LeaseKeeper;
  /** Ends for good every lease that is over by that time, and says which. */
  endExpiredLeases(now: number): Promise<readonly WorkerId[]>;
  /** Attempts under way whose worker's lease has been ended, with the processes they left behind. */
  abandoned(limit: number): Promise<readonly AbandonedAttempt[]>;
  /** Attempts under way that a worker holds: what it carries out besides is no longer its own. */
  underWay(workerId: WorkerId): Promise<readonly AttemptName[]>;

  /**
   * Names a process that carries out an attempt, before it may begin. Durable. False: the lease of
   * its worker has been ended, and nothing may begin. Decided with the record: whoever finds the
   * lease ended later finds the process, too.
   */
  recordProcess(process: AttemptProcess): Promise<boolean>;
  removeProcess(
    process: Pick<AttemptProcess, "planId" | "stepKey" | "attempt" | "pid">,
  ): Promise<void>;

  /**
   * Hears from other processes that somebody may have something to do, until disposed. Where one
   * process owns the store nobody ever says anything.
   */
  listen(hear: (hint: WorkHint) => void): Disposable;
}

/** The reading half of all tenants' stores. */
export interface StoresReader extends AsyncDisposable {
  /** What kind of store this is and where, to be shown. */
  readonly description: string;
  /** What commands, leases and timers go by: the same for all processes that work on it. */
  readonly clock: StoreClock;
  forTenant(tenantId: TenantId): StoreReader;

  /**
   * What somebody should look at by now, over all tenants: a hint, commit has the last word.
   * First what takes no slot (timers and messages, by time), then ready work: tenants in turn, of each
   * by priority (highest first) and time. Messages, and work that may start at once, are due whatever
   * the clock says: their times may have been written by one that was ahead. A timer or a backoff is
   * due at its time and never before; one that was set by a clock that was ahead is late. Work for
   * which a limit has no room is left out.
   */
  due(query: DueQuery): Promise<DuePage>;
  /** In the order in which they began. */
  leases(): Promise<readonly LeaseRow[]>;
  /** Whether any plan of any tenant publishes an artifact of this content. */
  isReferenced(sha256: string): Promise<boolean>;
  /**
   * Integrity of the store itself, in words; empty where all is well: its files, the hash chain of
   * every plan, and that its rows are what its events add up to.
   */
  check(): Promise<readonly string[]>;
}

/** Opaque. */
export type FeedCursor = string;

export interface EventRange {
  /** Events with greater numbers only. */
  readonly after?: number;
  readonly limit?: number;
}

export interface ChainedEvent {
  readonly event: PlanEvent;
  readonly hash: string;
}

export interface FeedPage {
  readonly events: readonly PlanEvent[];
  /** To be given to the next call; the same as before where nothing new came. */
  readonly cursor: FeedCursor | null;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface PlanQuery {
  readonly status?: readonly PlanStatus[];
  /** Null: only plans that are no sub-plans. */
  readonly parentPlanId?: PlanId | null;
  readonly cursor?: string;
  /** Up to 200; 50 if not said. */
  readonly limit?: number;
}

export interface RequestQuery {
  readonly status?: readonly RequestStatus[];
  readonly planId?: PlanId;
  readonly cursor?: string;
  readonly limit?: number;
}

/** Which lanes a worker serves; only due work in them is told. */
export interface DueQuery {
  readonly now: number;
  /** At most so much ready work, so many timers and so many messages: none starves the others. */
  readonly limit: number;
  readonly pools: readonly string[];
  readonly capabilities: ReadonlySet<string>;
  /** Leave out ready work (the worker has no free slot) and tell timers and messages only. */
  readonly timersOnly?: boolean;
}

export interface DuePage {
  readonly due: readonly Due[];
  /** Earliest time of what is not due yet, over all rows; null where there is none. */
  readonly nextAt: number | null;
}

/** Somebody must look at a plan. */
export type Due = { readonly tenantId: TenantId; readonly planId: PlanId; readonly at: number } & (
  | { readonly why: "ready"; readonly lane: Lane; readonly priority: number }
  | { readonly why: "timer"; readonly stepKey: string | null }
  | { readonly why: "message"; readonly message: PlanMessage }
);

/** Whom a hint concerns: who serves one of these pools, or everybody. */
export type WorkHint = ReadonlySet<string> | "everybody";

/** How long a worker's lease lasts, and how often it is renewed. */
export interface LeaseTimes {
  readonly ttlMs: number;
  readonly renewMs: number;
}

/** Word of a lease that is kept: it was ended, or no renewal has been granted for too long. */
export type LeaseWord = "ended" | "silent";

/** What keeps a lease beside the main loop, until it is disposed of. */
export interface LeaseKeeper extends Disposable {
  /** How long ago the last renewal was asked for that was granted. */
  readonly silentMs: number;
}

export interface LeaseHolder {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** Tells this start of the machine from others, where the system has such an id. */
  readonly bootId: string | null;
}

export interface LeaseRow extends LeaseHolder {
  readonly workerId: WorkerId;
  readonly beganAt: number;
  readonly expiresAt: number;
  readonly endedAt: number | null;
}

export interface AttemptProcess {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly attempt: number;
  readonly workerId: WorkerId;
  readonly host: string;
  readonly bootId: string | null;
  /** Leader of the process group. */
  readonly pid: number;
  /** Start time as the kernel counts it, so that a pid used again is not mistaken. */
  readonly startTicks: string;
}

/** Which attempt, of all tenants'. */
export interface AttemptName {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly attempt: number;
}

export interface AbandonedAttempt extends AttemptName {
  readonly workerId: WorkerId;
  readonly processes: readonly AttemptProcess[];
}

export interface ProgressChunk {
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly attempt: number;
  readonly stream: "stdout" | "stderr" | "note";
  readonly text: string;
  readonly at: number;
}

export interface ProgressRow extends ProgressChunk {
  /** Grows within the store; resume after it. */
  readonly position: number;
}

export interface ProgressQuery {
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly attempt?: number;
  readonly after?: number;
  readonly limit?: number;
}

export interface ArtifactRow extends ArtifactRef {
  readonly planId: PlanId;
  readonly stepKey: string | null;
  readonly attempt: number | null;
  readonly publishedAt: number;
}

/** Bytes by content hash. What was put is durable (file and folder synced) before `put` answers. */
export interface ArtifactStore {
  put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredContent>;
  /** Null where the content is not there. */
  open(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Where a person can find it, if it is a file. */
  locate(sha256: string): string | null;
  list(): AsyncIterable<ListedContent>;
  remove(sha256: string): Promise<void>;
}

export interface StoredContent {
  readonly sha256: string;
  readonly size: number;
}

export interface ListedContent extends StoredContent {
  /** When it was last put. */
  readonly storedAt: number;
}

/** The world failed: the store cannot do what was asked. Not a refusal. */
export class StoreFault extends Error {
  static readonly #brand = Symbol.for("planwright.store-fault");
  readonly code: StoreFaultCode;
  /** Whether the same call may do better later. */
  readonly retryable: boolean;

  constructor(
    code: StoreFaultCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "StoreFault";
    this.code = code;
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, StoreFault.#brand, { value: true });
  }

  /** Works across copies of the package. */
  static is(value: unknown): value is StoreFault {
    return (
      typeof value === "object" && value !== null && Reflect.get(value, StoreFault.#brand) === true
    );
  }
}

export type StoreFaultCode =
  /** Another process owns the file; the message names it. */
  | "owned"
  | "unreachable"
  | "full"
  | "corrupt"
  | "too-new"
  /** A later release has written into the log of this plan what this one does not know. */
  | "unknown-event"
  | "unsupported"
  | "read-only"
  /** A cursor that this store did not give. */
  | "bad-cursor"
  /** Content that is larger than the store keeps. */
  | "too-large"
  | "closed"
  | "failed";
