// index.d.ts
export { createPlanwright, type PlanwrightOptions } from "./create-planwright.ts";
export type { SharedLimits } from "./shared-limits.ts";
export type { Planwright, RunResult, SubmitOptions } from "./planwright.ts";
export type { Answer, NewPlan, Orchestrator } from "./engine/orchestrator.ts";
export type { Rest } from "./engine/stable.ts";
export type { ExecutionContext, Executor, NewArtifact, SpawnedProcess, Workspace, } from "./engine/executor.ts";
export type { Runtime, Timer } from "./engine/runtime.ts";
export { definePlan } from "./format/define-plan.ts";
export { readPlan } from "./format/read-plan.ts";
export { writePlan } from "./format/write-plan.ts";
export { checkPlan } from "./format/check-plan.ts";
export { defineTool } from "./executor/tool/define-tool.ts";
export { ToolError } from "./executor/tool/tool-error.ts";
export type { Tool, ToolContext } from "./executor/tool/tool.ts";
export { openSqlite } from "./store/sqlite/open-sqlite.ts";
export { StoreFault } from "./store/store.ts";
export type { Store, Stores } from "./store/store.ts";
export type { Actor } from "./core/actor.ts";
export type { Json, JsonObject, JsonSchema } from "./core/json.ts";
export type { PlanDocument, StepDocument } from "./core/plan/document.ts";
export type { Feedback, PlanEvent } from "./core/plan/event.ts";
export type { PlanHeadView, PlanView, StepShown, RequestView } from "./core/plan/view.ts";
export type { Refusal } from "./core/refusal.ts";
export type { LimitKey } from "./core/shared/limit-key.ts";
export type { SharedLimit } from "./core/shared/shared-limit.ts";
export type { Lease } from "./core/step/lease.ts";
export type { ArtifactRef, Outcome, StepError } from "./core/step/outcome.ts";
//# sourceMappingURL=index.d.ts.map

// create-planwright.d.ts
/** Where plans are kept, what they may call, and how much happens at once. */
export interface PlanwrightOptions {
    /**
     * A file (made where there is none), `postgres://user@host/database` (any number of processes may
     * work on one), `:memory:`, or an opened store, which then stays its opener's.
     */
    readonly store: string | Stores;
    /** On Postgres: the folder of the artifacts, which all processes share; `.planwright/artifacts` if not said. */
    readonly artifacts?: string;
    /** On Postgres: work on a database that may lose in a crash what it has acknowledged. */
    readonly acceptDataLoss?: boolean;
    /** Functions that plans may call by name, besides `std.*`. */
    readonly tools?: readonly Tool[];
    /** Executors of the program's own. */
    readonly executors?: readonly Executor[];
    readonly tenantId?: string;
    /** Who acts where a call does not say; the user of the machine, unverified, if not said. */
    readonly actor?: Actor;
    /**
     * What this worker is called; whoever starts under a living worker's name ends its lease. On
     * Postgres a name of its own for each process, if not said.
     */
    readonly name?: string;
    /** False: plans are kept and decided on, but nothing is carried out here. */
    readonly carryOut?: boolean;
    /** Attempts under way at once in this process; 32 if not said. */
    readonly concurrency?: number;
    readonly pools?: readonly string[];
    /** Commands of plans that are not the operator's own run even where there is no sandbox. */
    readonly unsafeExec?: boolean;
    /** Where workspaces lie; beside the file of the store, on Postgres in `.planwright`, if not said. */
    readonly folder?: string;
    readonly runtime?: Runtime;
    readonly leaseTimes?: LeaseTimes;
    readonly graceMs?: number;
    readonly onFault?: (error: unknown) => void;
}
/** Opens a store and begins to carry out what is due in it. Dispose of it to stop. */
export declare function createPlanwright(options: PlanwrightOptions): Promise<Planwright>;
/** The user of the machine, as the system names them; nobody has checked it. */
export declare function machineUser(): Actor;

// shared-limits.d.ts
/** Limits over all plans and processes: of one tenant, and of pools, which all tenants share. */
export declare class SharedLimits {
    #private;
    /**
     * From now on at most so many: `pool:NAME`, `tenant` and `owner:CAPABILITY` are attempts under way
     * at once, `budget:attempts` are those that may be started at all. Attempts that are under way
     * already are not counted.
     */
    set(key: LimitKey, max: number): Promise<SharedLimit>;
    /** As many as one likes from now on; what was used of a budget stays used. */
    clear(key: LimitKey): Promise<SharedLimit>;
    /** Those in force, with what is taken of each. */
    list(): Promise<readonly SharedLimit[]>;
    /** Nothing of the tenant starts any more; what is under way ends as it would. */
    stop(reason?: string): Promise<SharedLimit>;
    /** Goes on after a stop, within the limits that were there before. */
    start(): Promise<SharedLimit>;
}

// planwright.d.ts
/** What `run` and `submit` may be told about a plan. */
export interface SubmitOptions {
    readonly inputs?: JsonObject;
    /** Approve it in the same breath, in the name of the one who acts. */
    readonly approve?: boolean;
    /** Start it once it is approved. */
    readonly start?: boolean;
    readonly origin?: Origin;
    /** Under the same key the same plan is found again. */
    readonly idempotencyKey?: string;
    readonly actor?: Actor;
}
/** How a run came to rest, with the plan as it then was. */
export type RunResult = {
    readonly ok: true;
    readonly rest: Rest;
    readonly view: PlanView;
} | {
    readonly ok: false;
    readonly refusal: Refusal;
};
/** The front door for programs: one store, one tenant, and the engine that carries out its plans. */
export declare class Planwright implements AsyncDisposable {
    #private;
    /** Every act on plans, with the one who acts named each time. */
    readonly orchestrator: Orchestrator;
    /** Caps and budgets that all plans of the store share. */
    readonly limits: SharedLimits;
    readonly stores: Stores;
    readonly actor: Actor;
    /** Names of the tools that steps may call here. */
    readonly toolNames: ReadonlySet<string>;
    /** What can be carried out here: kinds of steps, and `tool:NAME`. */
    readonly capabilities: ReadonlySet<string>;
    /**
     * Stores a plan and asks for its approval; approves and starts it where the options say so.
     * What does not pass the check is refused with every fault, and nothing is stored.
     */
    submit(document: PlanDocument, options?: SubmitOptions): Promise<Answer>;
    /** Submits and starts a plan, and comes back when it rests: ended, blocked, or waiting for someone. */
    run(document: PlanDocument, options?: SubmitOptions): Promise<RunResult>;
    /**
     * Comes back when a plan rests: ended, blocked, paused, or waiting for someone. Throws the
     * signal's reason where that comes first.
     */
    wait(planId: PlanId, options?: {
        readonly signal?: AbortSignal;
    }): Promise<RunResult>;
    /** How a plan came to rest; null where there is no such plan, or the signal came first. */
    untilRest(planId: PlanId, options?: {
        readonly signal?: AbortSignal;
        /** Which rests end the waiting; all but those that a timer ends by itself, if not said. */
        readonly enough?: (rest: Rest) => boolean;
    }): Promise<Rest | null>;
    /**
     * Comes back when nothing is carried out here and nothing goes on by itself within the given
     * time; timers and backoffs that end sooner are waited for.
     */
    untilIdle(withinMs: number, signal?: AbortSignal): Promise<void>;
    /** Calls back after each commit of this process, with its events. */
    onCommit(callback: (events: readonly PlanEvent[]) => void): Disposable;
    /**
     * Starts nothing new, lets what runs end for as long as it may, and closes the store. `hurry`
     * ends the patience at once.
     */
    drain(patienceMs: number, hurry?: AbortSignal): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

// engine/orchestrator.d.ts
/** What an act came to: the plan as it is now, or a lawful no. */
export type Answer = {
    readonly ok: true;
    readonly plan: PlanHeadView;
} | {
    readonly ok: false;
    readonly refusal: Refusal;
};
/** A text to be made a plan. */
export interface NewPlan {
    readonly document: PlanDocument;
    readonly inputs?: JsonObject;
    readonly origin: Origin;
    /** Under the same key the same plan is found again. */
    readonly idempotencyKey?: string;
    readonly limits?: Partial<Limits>;
}
export interface OrchestratorOptions {
    readonly tenantId: TenantId;
    readonly stores: Stores;
    readonly committer: Committer;
    readonly runtime: Runtime;
    readonly toolEffects: ToolEffects;
    /** What this process can carry out; null where it carries out nothing. */
    readonly surroundings: () => Surroundings["workers"];
}
/** Every act on plans, for one tenant: what all faces are made of. */
export declare class Orchestrator extends PlanReader<Store> {
    #private;
    constructor(options: OrchestratorOptions);
    /** Makes a draft of a text. */
    create(plan: NewPlan, actor: Actor): Promise<Answer>;
    /** Asks for approval; a policy without approval approves at once. */
    submit(planId: PlanId, actor: Actor): Promise<Answer>;
    /** Approves exactly the text of that digest (the current one, where none is named). */
    approve(planId: PlanId, actor: Actor, options?: {
        readonly digest?: string;
        readonly comment?: string;
        readonly start?: boolean;
    }): Promise<Answer>;
    reject(planId: PlanId, actor: Actor, options: {
        readonly digest?: string;
        readonly reason: string;
    }): Promise<Answer>;
    /** Begins to carry out an approved plan. */
    start(planId: PlanId, actor: Actor): Promise<Answer>;
    pause(planId: PlanId, actor: Actor, reason?: string): Promise<Answer>;
    resume(planId: PlanId, actor: Actor): Promise<Answer>;
    /** `stop` ends what runs at once; `drain` lets it end and starts nothing. */
    cancel(planId: PlanId, actor: Actor, mode: CancelMode, reason?: string): Promise<Answer>;
    finish(planId: PlanId, actor: Actor, report: FinishReport & {
        readonly result: "success" | "failure";
    }): Promise<Answer>;
    retryStep(planId: PlanId, stepKey: string, actor: Actor): Promise<Answer>;
    skipStep(planId: PlanId, stepKey: string, actor: Actor, reason: string): Promise<Answer>;
    completeStep(planId: PlanId, stepKey: string, actor: Actor, work: {
        readonly output: Json;
        readonly note: string;
    }): Promise<Answer>;
    /** Answers a request: `{ approved }`, a choice's value, or the values of its form. */
    decide(requestId: RequestId, actor: Actor, decision: {
        readonly answer: Json;
        readonly comment?: string;
        readonly subjectDigest?: string;
    }): Promise<Answer>;
    /** Sends a signal; the same key is taken once. */
    signal(planId: PlanId, actor: Actor, signal: {
        readonly name: string;
        readonly payload: Json;
        readonly key?: string;
    }): Promise<Answer>;
}

// engine/stable.d.ts
/** How a plan has come to rest. */
export type Rest = {
    readonly kind: "ended";
}
/** Nothing goes on without a person: an approval, a request. */
 | {
    readonly kind: "needs-person";
}
/** It waits for a timer or a signal; `asks`: a person is asked meanwhile. */
 | {
    readonly kind: "waiting";
    readonly until: number | null;
    readonly asks: boolean;
}
/** It cannot move by itself: a verification is missing, or nobody serves what is ready, or may. */
 | {
    readonly kind: "blocked";
} | {
    readonly kind: "paused";
};
/** Whether somebody is there to carry out what stands in a lane. */
export type Serves = (lane: Lane) => boolean;
/** How a plan rests with all its sub-plans; null while anything of them goes on, or there is none. */
export declare function restOfTree(store: StoreReader, planId: PlanId, serves?: Serves): Promise<Rest | null>;
/** Waits until a plan rests, and says how; null where there is no such plan or time ran out. */
export declare function untilRest(options: {
    readonly store: StoreReader;
    readonly runtime: Runtime;
    readonly planId: PlanId;
    /** Tells of commits in this process; without it the store is looked at again and again. */
    readonly committer?: Committer;
    /** Which rests end the waiting; all but those that a timer ends by itself, if not said. */
    readonly enough?: (rest: Rest) => boolean;
    readonly serves?: Serves;
    readonly signal?: AbortSignal;
}): Promise<Rest | null>;

// engine/executor.d.ts
/**
 * The code that carries out one kind of step. It answers with an outcome. What it throws instead is a
 * fault that says nothing of the effect: work that may be done twice is tried again, and where it may
 * not, a person is asked. An executor that knows that nothing was begun answers with a failure that
 * is not `ambiguous`.
 */
export interface Executor {
    /** What it can do: a step's kind, or `tool:NAME`. */
    readonly capabilities: readonly string[];
    execute(lease: Lease, context: ExecutionContext): Promise<Outcome>;
}
/** What an executor may use while it holds an attempt. */
export interface ExecutionContext {
    /** Aborted when the attempt no longer counts: cancelled, timed out, fenced. Its reason says which. */
    readonly signal: AbortSignal;
    readonly runtime: Runtime;
    readonly pure: Pure;
    /** Says that the work is alive, for steps with an idle timeout. Output does so by itself. */
    heartbeat(): void;
    /** Output to be followed live and kept. */
    write(stream: "stdout" | "stderr" | "note", text: string): void;
    /** Keeps content as an artifact; it is published with the outcome that names it. */
    publish(artifact: NewArtifact): Promise<ArtifactRef>;
    /**
     * Names a process before it may begin, so that whoever takes over can end it. Where this throws,
     * nothing may begin: the attempt may be somebody else's by now.
     */
    recordProcess(process: SpawnedProcess): Promise<void>;
    removeProcess(process: SpawnedProcess): Promise<void>;
    /** The folder of the attempt: the plan's own, or a copy. */
    workspace(): Promise<Workspace>;
}
export interface NewArtifact {
    readonly name: string;
    readonly mediaType?: string;
    readonly content: Uint8Array | string | AsyncIterable<Uint8Array>;
}
export interface SpawnedProcess {
    /** Leader of its process group. */
    readonly pid: number;
    readonly startTicks: string;
}
/** Where an attempt's files are. */
export interface Workspace extends AsyncDisposable {
    readonly folder: string;
    /** What the attempt changed, for a `copy` or `worktree`; null for the shared folder. */
    difference(): Promise<string | null>;
}

// engine/runtime.d.ts
/**
 * Time, chance and ids: all that varies, in one place, so that a simulator can take it over.
 */
export interface Runtime extends StoreClock {
    /** Milliseconds that only grow; for measuring. */
    monotonic(): number;
    /** Calls back once, not before `ms` have passed. */
    setTimer(ms: number, callback: () => void): Timer;
    /** 0 to 1; drawn by name, so that a simulation can repeat it whatever else it draws. */
    chance(...name: readonly (string | number)[]): number;
    /** A new UUID of version 7. */
    uuid(): string;
}
export interface Timer extends Disposable {
    cancel(): void;
}

// format/define-plan.d.ts
/** A step of a plan whose steps have these keys. */
export type StepDefinition<Keys extends string> = Omit<StepDocument, "needs" | "onFailure"> & {
    readonly needs?: NeedsDefinition<Keys>;
    readonly onFailure?: "fail" | "continue" | "ask" | {
        readonly fallback: Keys;
    };
};
/** Needs that name steps of the same plan. */
export type NeedsDefinition<Keys extends string> = readonly Keys[] | (Omit<Extract<NeedsDocument, {
    readonly all: unknown;
}>, "all"> & {
    readonly all: readonly Keys[];
}) | (Omit<Extract<NeedsDocument, {
    readonly any: unknown;
}>, "any"> & {
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
export declare function definePlan<const Keys extends string>(plan: PlanDefinition<Keys>): PlanDocument;

// format/read-plan.d.ts
export type { ResolveFile } from "./text/include-files.ts";
export type { TextFault } from "./text/text-fault.ts";
export interface ReadOptions extends CheckOptions {
    /** Without it the end of the file's name says it, and without that it is YAML. */
    readonly syntax?: Syntax;
    /** The file that the text comes from: named in faults, and where other files are looked for. */
    readonly file?: string;
    /** Reads the files that `do: plan` steps name. */
    readonly resolveFile?: ResolveFile;
}
/** A plan that may be handed in, or all that keeps it from being one. */
export type ReadResult<F extends Fault = TextFault> = {
    readonly ok: true;
    readonly document: PlanDocument;
    readonly warnings: readonly F[];
} | {
    readonly ok: false;
    readonly faults: readonly F[];
    readonly warnings: readonly F[];
};
/** Reads a plan file and checks it: every fault at once, each with its line and column. */
export declare function readPlan(text: string, options?: ReadOptions): ReadResult;
/** The same for a plan that comes as a value, from a program or over the wire; pointers are places. */
export declare function readPlanValue(value: unknown, options?: CheckOptions): ReadResult<Fault>;

// format/write-plan.d.ts
/** A plan as text that reads back as the same plan. */
export declare function writePlan(document: PlanDocument, syntax: Syntax): string;

// format/check-plan.d.ts
export type { CheckOptions, CheckResult } from "./check/check-document.ts";
/**
 * Checks a plan and its sub-plans before anything is spent on it; every fault at once, with
 * pointers into the document. What the compiler has not seen may be handed in, too.
 */
export declare function checkPlan(document: PlanDocument, options?: CheckOptions): CheckResult;

// executor/tool/define-tool.d.ts
interface ToolHead<Result> {
    /** Letters, digits, `_`, `-`, and dots that group: `github.create_release`. */
    readonly name: string;
    readonly description?: string;
    /** `once` if not said: after a crash in the middle of a call a person is asked. */
    readonly effect?: Effect;
    readonly output?: JsonSchema | StandardSchema<Result, unknown>;
}
/** A tool whose input is any JSON, or what a JSON Schema describes. */
export interface ToolDefinition<Result> extends ToolHead<Result> {
    readonly input?: JsonSchema;
    execute(input: Json, context: ToolContext): Result | Promise<Result>;
}
/** A tool whose input has the type of its schema. */
export interface TypedToolDefinition<Input, Result> extends ToolHead<Result> {
    readonly input: StandardSchema<unknown, Input>;
    execute(input: Input, context: ToolContext): Result | Promise<Result>;
}
/** Makes a function callable by plans, with its input and output checked at the door. */
export declare function defineTool<Input, Result>(definition: TypedToolDefinition<Input, Result>): Tool;
export declare function defineTool<Result>(definition: ToolDefinition<Result>): Tool;
export {};

// executor/tool/tool-error.d.ts
export interface ToolErrorOptions {
    /** Stable and hyphenated; `tool-failed` if not said. */
    readonly code?: string;
    /** Whether trying again could help; it could, if not said. */
    readonly retryable?: boolean;
    /** Whether an effect may have happened all the same: of what happens `once` a person is asked then. */
    readonly ambiguous?: boolean;
    readonly details?: Json;
    readonly cause?: unknown;
}
/**
 * What a tool throws to say how it failed. Any other error counts as a failure that may go away, and
 * the call is made again, also where its effect is `once`; but for an `AbortError` or `TimeoutError`,
 * after which nobody knows whether it took effect.
 */
export declare class ToolError extends Error {
    #private;
    readonly code: string;
    readonly retryable: boolean;
    readonly ambiguous: boolean;
    readonly details: Json | undefined;
    constructor(message: string, options?: ToolErrorOptions);
    /** Works across copies of the package. */
    static is(value: unknown): value is ToolError;
}

// executor/tool/tool.d.ts
/** What a tool may use while it is at work. */
export interface ToolContext {
    readonly tenantId: string;
    readonly planId: string;
    readonly stepKey: string;
    readonly attempt: number;
    /** The same for every attempt at this call: to be handed to whoever is called (G5). */
    readonly idempotencyKey: string;
    /** The checks that failed in the last round; empty in the first. */
    readonly feedback: readonly Feedback[];
    /** Aborted when the attempt no longer counts. */
    readonly signal: AbortSignal;
    readonly runtime: Pick<Runtime, "now" | "monotonic" | "setTimer">;
    /** Says that the work is alive, for steps with an idle timeout. */
    readonly heartbeat: () => void;
    /** A line for those who follow. */
    readonly note: (text: string) => void;
    /** Keeps content as an artifact of the step. */
    readonly publish: (artifact: NewArtifact) => Promise<ArtifactRef>;
    /** The folder that the step's commands see, too. */
    readonly workspace: () => Promise<Workspace>;
}
/** A function that plans may call by name. Made by `defineTool`. */
export interface Tool {
    readonly name: string;
    readonly description: string | null;
    /** What a crash in the middle of a call means. */
    readonly effect: Effect;
    /** Where its input is described by one. */
    readonly inputSchema: JsonSchema | null;
    /** Reads the input, does the work and reads what came out of it; throws what the work throws. */
    call(input: Json, context: ToolContext, pure: Pick<Pure, "validate">): Promise<Tried<Json>>;
}
/** What the engine pins plans to. */
export declare function effectsOf(tools: readonly Tool[]): ToolEffects;

// store/sqlite/open-sqlite.d.ts
export interface SqliteOptions extends StoreOptions {
    /** The database file; its folder is made where there is none. `:memory:` keeps nothing. */
    readonly path: string;
    /** What the owner calls itself to others; the program's name if not said. */
    readonly command?: string;
    /** Make the write-ahead log long beforehand: 10 ms at the start for quicker commits after it. */
    readonly extendWal?: boolean;
    /** Room kept for the end, 16 MB if not said. */
    readonly ballastBytes?: number;
    /** The largest artifact, 1 GB if not said. */
    readonly artifactBytesMax?: number;
    /** Another driver of SQLite. */
    readonly openDriver?: OpenDriver;
}
/**
 * Opens a store on SQLite and becomes the owner of its file, or throws a `StoreFault` that says
 * why not: `owned` names who is.
 */
export declare function openSqlite(options: SqliteOptions): Promise<Stores>;

// store/store.d.ts
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
    removeProcess(process: Pick<AttemptProcess, "planId" | "stepKey" | "attempt" | "pid">): Promise<void>;
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
export type Due = {
    readonly tenantId: TenantId;
    readonly planId: PlanId;
    readonly at: number;
} & ({
    readonly why: "ready";
    readonly lane: Lane;
    readonly priority: number;
} | {
    readonly why: "timer";
    readonly stepKey: string | null;
} | {
    readonly why: "message";
    readonly message: PlanMessage;
});
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
export declare class StoreFault extends Error {
    #private;
    readonly code: StoreFaultCode;
    /** Whether the same call may do better later. */
    readonly retryable: boolean;
    constructor(code: StoreFaultCode, message: string, options?: {
        cause?: unknown;
        retryable?: boolean;
    });
    /** Works across copies of the package. */
    static is(value: unknown): value is StoreFault;
}
export type StoreFaultCode = 
/** Another process owns the file; the message names it. */
"owned" | "unreachable" | "full" | "corrupt" | "too-new"
/** A later release has written into the log of this plan what this one does not know. */
 | "unknown-event" | "unsupported" | "read-only"
/** A cursor that this store did not give. */
 | "bad-cursor"
/** Content that is larger than the store keeps. */
 | "too-large" | "closed" | "failed";

// core/actor.d.ts
/**
 * Who did something. `verified` is false where nobody checked the name, as on an embedded store
 * (`--as NAME`).
 */
export interface Actor {
    readonly kind: "person" | "agent" | "worker" | "policy" | "plan" | "system";
    readonly id: string;
    readonly verified?: boolean;
}
/** Planwright itself: timers, recovery, what follows by itself. */
export declare const SYSTEM: Actor;

// core/json.d.ts
/** What JSON can say. Everything that is stored, hashed or sent is made of it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object; parsed ones are never merged by spread or assign (SEC-17). */
export interface JsonObject {
    readonly [key: string]: Json | undefined;
}
/** A JSON Schema (draft 2020-12) as data. */
export type JsonSchema = boolean | JsonObject;
/** Whether a JSON value is a list. */
export declare function isJsonList(value: Json): value is readonly Json[];
/** Whether a value is a JSON object (not null, not a list). */
export declare function isJsonObject(value: unknown): value is JsonObject;

// core/plan/document.d.ts
/**
 * A duration as it is written in a plan: a whole or decimal number and `ms`, `s`, `m`, `h` or `d`,
 * several in a row allowed (`1h30m`).
 */
export type DurationText = string;
/** An expression in CEL, bare (`when`, `forEach`, `answer`, checks). */
export type ExpressionText = string;
/** What a crash in the middle of a step means: nothing happened, doing it again is fine, or ask. */
export type Effect = "none" | "repeatable" | "once";
/** What carries out a step. */
export type StepKind = "command" | "tool" | "agent" | "human" | "verify" | "wait" | "plan" | "external";
/**
 * The text of a plan as data: exactly what a plan file holds, what people approve and what a
 * digest names. Defaults are not filled in here; `effectivePolicy` does that.
 */
export interface PlanDocument {
    readonly format?: 1;
    readonly plan: string;
    readonly objective?: string;
    readonly lead?: string;
    readonly inputs?: Readonly<Record<string, InputDocument>>;
    readonly schemas?: Readonly<Record<string, JsonSchema>>;
    readonly policy?: PolicyDocument;
    readonly steps: Readonly<Record<string, StepDocument>>;
    readonly answer?: ExpressionText;
    readonly criteria?: readonly string[];
    readonly labels?: readonly string[];
    readonly metadata?: JsonObject;
}
/** A typed input: a JSON Schema with a default and a description. */
export interface InputDocument {
    readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "file";
    readonly description?: string;
    readonly default?: Json;
    readonly enum?: readonly Json[];
    readonly schema?: JsonSchema;
}
/** How a plan is to be carried out, as written. */
export interface PolicyDocument {
    readonly approval?: "required" | "none";
    readonly verification?: "required" | "none";
    readonly concurrency?: number;
    readonly retry?: RetryDocument;
    readonly budget?: BudgetDocument;
    /** Whether an open request holds up its branch only, or pauses the plan. */
    readonly onRequest?: "continue" | "pause";
}
/** How failed attempts are repeated. `attempts` counts every start of the step's work, the first too. */
export interface RetryDocument {
    readonly attempts?: number;
    readonly first?: DurationText;
    readonly factor?: number;
    readonly max?: DurationText;
}
/** Limits on what a plan may use. `wall` is working time: waiting for people and timers is free. */
export interface BudgetDocument {
    readonly wall?: DurationText;
}
/** One step as written. `do` says which of the kind's own fields apply. */
export interface StepDocument {
    readonly do: StepKind;
    readonly owner?: string;
    readonly title?: string;
    readonly objective?: string;
    readonly notes?: string;
    readonly needs?: NeedsDocument;
    readonly when?: ExpressionText;
    readonly forEach?: ExpressionText | ForEachDocument;
    readonly at?: string;
    readonly with?: JsonObject;
    readonly effect?: Effect;
    readonly retry?: RetryDocument;
    readonly timeout?: DurationText;
    readonly idle?: DurationText;
    readonly approve?: GateDocument | true;
    readonly output?: JsonSchema | string;
    readonly deliverables?: readonly DeliverableDocument[];
    readonly verify?: VerifyDocument;
    readonly onFailure?: OnFailureDocument;
    readonly pool?: string;
    readonly priority?: number;
    readonly workspace?: "shared" | "copy" | "worktree";
    readonly criteria?: readonly string[];
    readonly labels?: readonly string[];
    readonly metadata?: JsonObject;
    /** `do: human` */
    readonly request?: RequestDocument;
    /** `do: wait` */
    readonly wait?: WaitDocument;
    /** `do: plan`: the sub-plan's whole text (a file that is named instead is read in its place). */
    readonly plan?: PlanDocument;
}
/** A bare list means `all`. With `any` the first success is enough, and the others go on. */
export type NeedsDocument = readonly string[] | {
    readonly all: readonly string[];
    readonly allow?: readonly AllowedNeedStatus[];
} | {
    readonly any: readonly string[];
    readonly allow?: readonly AllowedNeedStatus[];
};
/** Ends of a need other than success that a join may take for met. */
export type AllowedNeedStatus = "skipped" | "failed";
/** One child step per item of a run-time list; `concurrency` caps the children under way. */
export interface ForEachDocument {
    readonly items: ExpressionText;
    readonly concurrency?: number;
}
/** A question to people before the first attempt of a step. */
export interface GateDocument {
    readonly title?: string;
    readonly message?: string;
    readonly assignees?: readonly string[];
    readonly due?: DurationText;
}
/** An output that people will look for: a file of the workspace, kept as an artifact. */
export interface DeliverableDocument {
    readonly name: string;
    readonly path: string;
    readonly mediaType?: string;
}
/** Checks that an output must pass. `loops` bounds how often failed checks go back as feedback. */
export interface VerifyDocument {
    readonly checks: readonly CheckDocument[];
    readonly loops?: number;
}
/** One check: an expression over `output`, a JSON Schema for it, or a command that must exit 0. */
export type CheckDocument = {
    readonly name?: string;
    readonly expression: ExpressionText;
} | {
    readonly name?: string;
    readonly schema: JsonSchema | string;
} | {
    readonly name?: string;
    readonly command: CommandCheckDocument;
};
/** `argv` is spawned as it stands; `run` is one constant text for `sh`. */
export interface CommandCheckDocument {
    readonly argv?: readonly string[];
    readonly run?: string;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeout?: DurationText;
}
/** What a step's failure for good means to its plan. */
export type OnFailureDocument = "fail" | "continue" | "ask" | {
    readonly fallback: string;
};
/** What is asked of a person. */
export interface RequestDocument {
    readonly kind: "approval" | "input" | "choice" | "review";
    readonly title: string;
    readonly message?: string;
    readonly assignees?: readonly string[];
    readonly options?: readonly OptionDocument[];
    readonly form?: JsonObject;
    readonly quorum?: number;
    readonly due?: DurationText;
    readonly onTimeout?: OnTimeoutDocument;
}
/** One choice that a request offers. */
export interface OptionDocument {
    readonly value: string;
    readonly title?: string;
}
/** What an unanswered request turns into when it is due; an approval that is not answered is a no. */
export type OnTimeoutDocument = "fail" | "skip" | {
    readonly answer: Json;
};
/** A pause of a given length, until a time (RFC 3339), or until a signal comes. */
export interface WaitDocument {
    readonly for?: DurationText;
    readonly until?: string;
    readonly signal?: string;
    readonly timeout?: DurationText;
}

// core/plan/event.d.ts
/** A time as it is stored and shown: RFC 3339 in UTC with milliseconds. */
export type Timestamp = string;
/** What every event says, whatever happened. `id` is `<planId>/<seq>`. */
export interface EventHead {
    readonly id: string;
    /** 1, 2, 3 … within the plan, without gaps. */
    readonly seq: number;
    /** Version of the shape of `data`; fields may be added under the same number. */
    readonly v: 1;
    readonly time: Timestamp;
    readonly tenantId: TenantId;
    readonly planId: PlanId;
    readonly actor: Actor;
    readonly traceparent?: string;
}
/** Why a step was skipped. */
export type SkipReason = "condition" | "need-not-met" | "operator" | "fallback-not-needed" | "timeout";
/** Why a step waits. */
export type WaitReason = "request" | "gate" | "timer" | "signal" | "sub-plan" | "children" | "fallback" | "ambiguous-effect" | "set-aside" | "failed";
/** Why a step was cancelled. */
export type CancelReason = "plan-cancelled" | "plan-failing" | "plan-finished" | "parent-ended";
/** Why an attempt ended without an outcome. */
export type LossReason = "worker-gone" | "drained";
/** What each type of event of a plan carries, besides the head. */
export interface EventData {
    "plan.created": {
        readonly name: string;
        readonly revision: number;
        readonly digest: string;
        readonly origin: Origin;
        readonly limits: Limits;
        readonly parent?: ParentLink;
    };
    "plan.submitted": {
        readonly digest: string;
        readonly requestId?: RequestId;
    };
    "plan.approved": {
        readonly digest: string;
        readonly by: ApprovalSource;
        readonly comment?: string;
    };
    "plan.rejected": {
        readonly digest: string;
        readonly reason: string;
    };
    "plan.started": JsonEmpty;
    "plan.paused": {
        readonly reason?: string;
    };
    "plan.resumed": JsonEmpty;
    "plan.cancel-requested": {
        readonly mode: CancelMode;
        readonly reason?: string;
    };
    /** The plan is going to fail: nothing starts any more, what runs is drained. */
    "plan.failing": {
        readonly stepKey?: string;
        readonly error: StepError;
    };
    "plan.finished": FinishReport & {
        readonly result: "success" | "failure";
    };
    "plan.completed": {
        readonly partial: boolean;
        readonly answer?: Json;
    };
    "plan.failed": {
        readonly error: StepError;
    };
    "plan.cancelled": {
        readonly reason?: string;
    };
    "step.readied": {
        readonly notBefore?: Timestamp;
    };
    "step.expanded": {
        readonly items: readonly Json[];
        readonly concurrency?: number;
    };
    "step.waiting": {
        readonly reason: WaitReason;
        readonly until?: Timestamp;
        readonly signal?: string;
        readonly childPlanId?: PlanId;
        readonly requestId?: RequestId;
        readonly error?: StepError;
        readonly input?: Json;
    };
    "step.succeeded": {
        readonly output: Json;
        readonly partial?: string;
        readonly manual?: {
            readonly note: string;
        };
        readonly artifacts?: readonly ArtifactRef[];
        /** How long the attempt worked, as its worker measured it, in milliseconds. */
        readonly workedMs?: number;
        readonly outcomeDigest?: string;
    };
    "step.failed": {
        readonly error: StepError;
        readonly outcomeDigest?: string;
    };
    "step.skipped": {
        readonly reason: SkipReason;
        readonly note?: string;
        readonly need?: string;
    };
    "step.cancelled": {
        readonly reason: CancelReason;
    };
    "attempt.started": {
        readonly workerId: WorkerId;
        /** The resolved `with`; absent where it holds no expression and stands in the text as it is. */
        readonly input?: Json;
        readonly effect: Effect;
        /** Failed attempts since the last feedback, and attempts that ended without an outcome. */
        readonly failures: number;
        readonly recoveries: number;
        /** Keys of the limits that it has taken one of, until it ends; absent where nothing limits it. */
        readonly takes?: readonly LimitKey[];
    };
    "attempt.lost": {
        readonly reason: LossReason;
        readonly workerId: WorkerId;
    };
    "attempt.failed": {
        readonly error: StepError;
        /** When the next attempt may start; absent where there is none. */
        readonly retryAt?: Timestamp;
        readonly feedback?: readonly Feedback[];
        readonly outcomeDigest?: string;
    };
    /** A report of an attempt that no longer counts. It changes nothing, and is kept for reading. */
    "attempt.refused": {
        readonly current: number;
        readonly workerId: WorkerId;
        readonly brought: JsonObject;
    };
    "request.created": RequestCreated;
    "request.decided": {
        readonly requestId: RequestId;
        readonly answer: Json;
        readonly comment?: string;
        readonly by: "person" | "timeout" | "policy";
    };
    "request.expired": {
        readonly requestId: RequestId;
    };
    "request.closed": {
        readonly requestId: RequestId;
        readonly reason: string;
    };
    "approval.consumed": {
        readonly requestId: RequestId;
        readonly digest: string;
    };
    "signal.received": {
        readonly name: string;
        readonly payload: Json;
        readonly key?: string;
    };
    "check.passed": CheckReport;
    "check.failed": CheckReport & {
        readonly message: string;
    };
    "child.started": {
        readonly childPlanId: PlanId;
    };
    "child.ended": {
        readonly childPlanId: PlanId;
        readonly status: "completed" | "failed" | "cancelled" | "rejected";
        readonly partial: boolean;
        readonly answer?: Json;
        readonly error?: StepError;
    };
    "artifact.published": {
        readonly artifact: ArtifactRef;
    };
}
/** `{}` */
export type JsonEmpty = Readonly<Record<string, never>>;
/** The plan and step that a sub-plan was made for. */
export interface ParentLink {
    readonly planId: PlanId;
    readonly stepKey: string;
    readonly depth: number;
}
/** What an approval rests on: a person's word, a policy that asks for none, or the parent's approval. */
export type ApprovalSource = "person" | "policy" | "parent";
/** `stop` ends what runs at once; `drain` lets it end and starts nothing. */
export type CancelMode = "stop" | "drain";
/** What the one who finishes a plan by hand says. */
export interface FinishReport {
    readonly answer?: Json;
    readonly summary?: string;
    readonly evidence?: readonly string[];
}
/** One failed check, told to whoever tries again. */
export interface Feedback {
    readonly check: string;
    readonly message: string;
}
/** One check with its evidence. */
export interface CheckReport {
    readonly check: string;
    readonly kind: "expression" | "schema" | "command";
    readonly round: number;
    readonly exitCode?: number;
    readonly artifactId?: ArtifactId;
}
export interface RequestCreated {
    readonly requestId: RequestId;
    readonly kind: RequestKind;
    readonly title: string;
    readonly message: string;
    readonly reason: RequestReason | null;
    readonly form: JsonObject | null;
    readonly options: readonly RequestOption[];
    readonly subjectDigest: string;
    readonly assignees: readonly string[];
    readonly quorum: number;
    readonly dueAt: Timestamp | null;
    readonly onTimeout: RequestTimeout;
}
export type EventType = keyof EventData;
/** The fields that say what an event is about: the step, and which attempt of it. */
export interface EventSubject {
    readonly stepKey?: string;
    readonly attempt?: number;
}
type EventOf<T extends EventType> = EventHead & EventSubject & {
    readonly type: T;
    readonly data: EventData[T];
};
/** A fact about a plan, in past tense: what the log keeps, and what every stream and hook shows. */
export type PlanEvent = {
    [T in EventType]: EventOf<T>;
}[EventType];
/** The event of one type. */
export type PlanEventOf<T extends EventType> = Extract<PlanEvent, {
    type: T;
}>;
export {};

// core/plan/view.d.ts
/** A plan as every face shows it. */
export interface PlanView {
    readonly plan: PlanHeadView;
    /** In the order of the text; children of `forEach` after their parent. */
    readonly steps: Readonly<Record<string, StepShown>>;
    /** Requests that are open. */
    readonly requests: readonly RequestView[];
}
export interface PlanHeadView {
    readonly id: string;
    readonly name: string;
    readonly objective: string | null;
    readonly status: PlanStatus;
    readonly condition: PlanCondition | null;
    readonly partial: boolean;
    readonly revision: number;
    readonly digest: string;
    readonly inputs: JsonObject;
    readonly answer: Json;
    readonly summary: string | null;
    readonly error: StepError | null;
    readonly parent: {
        readonly planId: string;
        readonly stepKey: string;
    } | null;
    readonly createdBy: Actor;
    readonly createdAt: Timestamp;
    readonly startedAt: Timestamp | null;
    readonly endedAt: Timestamp | null;
    readonly progress: StepCounts;
    readonly version: number;
    readonly allowedActions: readonly PlanAction[];
}
export interface StepShown {
    readonly status: StepStatus;
    readonly do: string;
    readonly owner: string | null;
    readonly title: string | null;
    /** Attempts that were started. */
    readonly attempts: number;
    /** Why it waits or was skipped or cancelled. */
    readonly reason: string | null;
    readonly output: Json;
    readonly partial: string | null;
    readonly error: StepError | null;
    readonly artifacts: readonly ArtifactRef[];
    /** Not before, or until. */
    readonly until: Timestamp | null;
    readonly requestId: string | null;
    readonly childPlanId: string | null;
    readonly since: Timestamp;
    readonly allowedActions: readonly StepAction[];
}
export interface RequestView {
    readonly id: string;
    readonly planId: string;
    readonly stepKey: string | null;
    readonly status: HumanRequest["status"];
    readonly kind: HumanRequest["kind"];
    readonly title: string;
    readonly message: string;
    readonly reason: HumanRequest["reason"];
    readonly form: JsonObject | null;
    readonly options: HumanRequest["options"];
    readonly subjectDigest: string;
    readonly assignees: readonly string[];
    readonly createdAt: Timestamp;
    readonly dueAt: Timestamp | null;
    readonly decision: {
        readonly answer: Json;
        readonly by: string;
        readonly comment: string | null;
        readonly at: Timestamp;
    } | null;
}
/** The plan with all its steps and what is asked of people now. */
export declare function viewPlan(plan: Plan): PlanView;
/** The plan without its steps. */
export declare function viewHead(plan: Plan): PlanHeadView;
export declare function viewStep(plan: Plan, step: Step): StepShown;
export declare function viewRequest(request: HumanRequest): RequestView;

// core/refusal.d.ts
/** A lawful no to a command: part of the interface, mapped once at each door. */
export type Refusal = {
    readonly code: "not-found";
    readonly message: string;
} | {
    readonly code: "already-exists";
    readonly message: string;
}
/** The text does not pass the check; nothing was stored. */
 | {
    readonly code: "invalid-plan";
    readonly message: string;
    readonly faults: readonly Fault[];
}
/** Values that were handed in do not fit what is asked for. */
 | {
    readonly code: "invalid-input";
    readonly message: string;
    readonly faults: readonly Fault[];
}
/** The plan's or step's state does not allow it; `allowed` names what is. */
 | {
    readonly code: "not-allowed";
    readonly message: string;
    readonly allowed: readonly string[];
}
/** The attempt is no longer the one that counts. */
 | {
    readonly code: "stale-attempt";
    readonly message: string;
    readonly current: number;
}
/** What was looked at is not what stands there now. */
 | {
    readonly code: "stale-digest";
    readonly message: string;
    readonly current: string;
}
/** The same command id came with another command. */
 | {
    readonly code: "command-reused";
    readonly message: string;
}
/** The actor may not do this. */
 | {
    readonly code: "forbidden";
    readonly message: string;
};
export type RefusalCode = Refusal["code"];

// core/shared/limit-key.d.ts
/**
 * What a limit that plans share is on: attempts under way in a pool (of all tenants together), of a
 * tenant, or of one of its capabilities; or the attempts that a tenant may start at all.
 */
export type LimitKey = `pool:${string}` | "tenant" | `owner:${string}` | "budget:attempts";
/** The forms of a key, to be told to people. */
export declare const LIMIT_KEY_FORMS = "pool:NAME, tenant, owner:CAPABILITY (such as owner:tool:github.create_release) or budget:attempts";
/** A key as people write it; null where it has none of the forms. */
export declare function parseLimitKey(text: string): LimitKey | null;
/** Whether all tenants take from the same; of every other key each tenant has its own. */
export declare function isOfAllTenants(key: LimitKey): boolean;
/** Whether an attempt that ends gives back what it took. */
export declare function isGivenBack(key: LimitKey): boolean;

// core/shared/shared-limit.d.ts
/** A limit as it stands now, with what is taken of it. */
export interface SharedLimit {
    readonly key: LimitKey;
    /** Null: as many as one likes. */
    readonly max: number | null;
    readonly used: number;
    /** A tenant that is stopped starts nothing, whatever the maximum says. */
    readonly stopped: Stopped | null;
}
/** Since when a tenant is stopped, and why. */
export interface Stopped {
    readonly at: number;
    readonly reason: string | null;
}
/** What is left of a limit; Infinity where it limits nothing. */
export declare function roomIn(limit: SharedLimit | undefined): number;
/** Whether nobody starts until somebody says so: nothing that is given back makes room. */
export declare function isClosed(limit: SharedLimit): boolean;

// core/step/lease.d.ts
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

// core/step/outcome.d.ts
/** Why an attempt or a step failed. `code` is stable and hyphenated; `message` is for people. */
export interface StepError {
    readonly code: string;
    readonly message: string;
    /** Whether another attempt of the same could end otherwise. */
    readonly retryable: boolean;
    /** Whether an effect may have happened all the same (a call that was cut off). */
    readonly ambiguous?: boolean;
    /** Where in the output or input it is wrong (RFC 6901). */
    readonly pointer?: string;
    readonly details?: Json;
}
/** A stored output, named by its content. `sha256` is 64 hex digits, `size` in bytes. */
export interface ArtifactRef {
    readonly id: ArtifactId;
    readonly name: string;
    readonly sha256: string;
    readonly size: number;
    readonly mediaType: string;
}
/** What a command check found, before it is judged. */
export interface CommandCheckResult {
    /** Position in the step's list of checks. */
    readonly index: number;
    readonly passed: boolean;
    readonly exitCode?: number;
    readonly message: string;
    readonly artifactId?: ArtifactId;
}
/** How an attempt ended, as its worker tells it. */
export type Outcome = {
    readonly kind: "succeeded";
    readonly output: Json;
    /** What is missing, where the owner says that it is not all done. */
    readonly partial?: string;
    readonly artifacts?: readonly ArtifactRef[];
    readonly checks?: readonly CommandCheckResult[];
    readonly workedMs?: number;
} | {
    readonly kind: "failed";
    readonly error: StepError;
    readonly artifacts?: readonly ArtifactRef[];
    readonly workedMs?: number;
};
