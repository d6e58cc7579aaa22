import type { Json, JsonObject, JsonSchema } from "../json.ts";

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
export type StepKind =
  | "command"
  | "tool"
  | "agent"
  | "human"
  | "verify"
  | "wait"
  | "plan"
  | "external";

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
export type NeedsDocument =
  | readonly string[]
  | { readonly all: readonly string[]; readonly allow?: readonly AllowedNeedStatus[] }
  | { readonly any: readonly string[]; readonly allow?: readonly AllowedNeedStatus[] };

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
export type CheckDocument =
  | { readonly name?: string; readonly expression: ExpressionText }
  | { readonly name?: string; readonly schema: JsonSchema | string }
  | { readonly name?: string; readonly command: CommandCheckDocument };

/** `argv` is spawned as it stands; `run` is one constant text for `sh`. */
export interface CommandCheckDocument {
  readonly argv?: readonly string[];
  readonly run?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: DurationText;
}

/** What a step's failure for good means to its plan. */
export type OnFailureDocument = "fail" | "continue" | "ask" | { readonly fallback: string };

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
export type OnTimeoutDocument = "fail" | "skip" | { readonly answer: Json };

/** A pause of a given length, until a time (RFC 3339), or until a signal comes. */
export interface WaitDocument {
  readonly for?: DurationText;
  readonly until?: string;
  readonly signal?: string;
  readonly timeout?: DurationText;
}
