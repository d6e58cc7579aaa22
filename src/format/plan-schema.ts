import * as z from "zod";
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from "../core/json.ts";
import type {
  BudgetDocument,
  CheckDocument,
  CommandCheckDocument,
  DeliverableDocument,
  ForEachDocument,
  GateDocument,
  InputDocument,
  OptionDocument,
  PlanDocument,
  PolicyDocument,
  RequestDocument,
  RetryDocument,
  StepDocument,
  StepKind,
  VerifyDocument,
  WaitDocument,
} from "../core/plan/document.ts";
import { durationText, identifier, line, positiveDuration, text } from "./schema/plan-fields.ts";

/** Every field of a type, each with a schema of that field's type: a field more or less is red. */
type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<Exclude<T[K], undefined>> };

const json = z.custom<Json>((value) => value !== undefined, { error: "must be a value" });
const jsonObject = z.custom<JsonObject>(isJsonObject, { error: "must be a map" }).meta({
  type: "object",
});
const jsonSchema: z.ZodType<JsonSchema> = z
  .custom<JsonSchema>((value) => typeof value === "boolean" || isJsonObject(value), {
    error: "must be a JSON Schema: a map, true or false",
  })
  .meta({ type: ["object", "boolean"], description: "A JSON Schema (draft 2020-12)." });

const texts = z.array(text);
const labels = z.array(line.max(64)).describe("Words to find it by.");
const assignees = z
  .array(
    z.string().regex(/^(?:person|role|team):\S(?:.{0,126}\S)?$/, {
      error: "must be person:NAME, role:NAME or team:NAME",
    }),
  )
  .describe("Who may answer: person:NAME, role:NAME or team:NAME. Empty means anybody who may.");

const STEP_KINDS = [
  "command",
  "tool",
  "agent",
  "human",
  "verify",
  "wait",
  "plan",
  "external",
] as const satisfies readonly StepKind[];

const retrySchema = z.strictObject({
  attempts: z
    .int()
    .min(1)
    .max(100)
    .exactOptional()
    .describe("Starts in all, the first among them."),
  first: durationText.exactOptional().describe("The pause before the second attempt."),
  factor: z.number().min(1).max(100).exactOptional().describe("What each pause is multiplied by."),
  max: durationText.exactOptional().describe("The longest pause."),
} satisfies Shape<RetryDocument>);

const budgetSchema = z.strictObject({
  wall: positiveDuration
    .exactOptional()
    .describe("Working time: waiting for people and timers is free."),
} satisfies Shape<BudgetDocument>);

const policySchema = z.strictObject({
  approval: z
    .enum(["required", "none"])
    .exactOptional()
    .describe(
      "Whether a person approves exactly this text before it may start (default: required).",
    ),
  verification: z
    .enum(["required", "none"])
    .exactOptional()
    .describe("With required, the plan cannot complete without a passed check (default: none)."),
  concurrency: z
    .int()
    .min(1)
    .max(10_000)
    .exactOptional()
    .describe("Steps under way at once (default: 5)."),
  retry: retrySchema.exactOptional().describe("How failed attempts are repeated."),
  budget: budgetSchema.exactOptional(),
  onRequest: z
    .enum(["continue", "pause"])
    .exactOptional()
    .describe("Whether an open request holds up its branch only, or pauses the plan."),
} satisfies Shape<PolicyDocument>);

const INPUT_TYPES = [
  "string",
  "number",
  "integer",
  "boolean",
  "array",
  "object",
  "file",
] as const satisfies readonly InputDocument["type"][];

const inputSchema = z.strictObject({
  type: z.enum(INPUT_TYPES).describe("What kind of value it is; file is a stored artifact."),
  description: text.exactOptional(),
  default: json.exactOptional().describe("The value where none is given; without it one must be."),
  enum: z.array(json).min(1).exactOptional().describe("The values that are allowed."),
  schema: jsonSchema.exactOptional().describe("A JSON Schema that the value must fit."),
} satisfies Shape<InputDocument>);

const need = identifier.describe("The key of a step.");
const allow = z
  .array(z.enum(["skipped", "failed"]))
  .exactOptional()
  .describe("Ends of a need other than success that count as met.");
const needsSchema = z
  .union(
    [
      z.array(need),
      z.strictObject({ all: z.array(need), allow }),
      z.strictObject({ any: z.array(need), allow }),
    ],
    { error: "must be a list of step keys, { all: […] } or { any: […] }" },
  )
  .describe("Steps that must have ended before this one starts.");

const forEachSchema = z.union(
  [
    text,
    z.strictObject({
      items: text.describe("An expression that gives the list."),
      concurrency: z
        .int()
        .min(1)
        .max(10_000)
        .exactOptional()
        .describe("Children under way at once."),
    } satisfies Shape<ForEachDocument>),
  ],
  { error: "must be an expression, or { items: expression, concurrency: number }" },
);

const gateSchema = z.strictObject({
  title: line.exactOptional(),
  message: text.exactOptional().describe("Markdown; may hold ${{ }}."),
  assignees: assignees.exactOptional(),
  due: positiveDuration.exactOptional(),
} satisfies Shape<GateDocument>);

const approveSchema = z.union([z.literal(true), gateSchema], {
  error: "must be true, or a map with title, message, assignees and due",
});

const commandCheckSchema = z.strictObject({
  argv: z.array(text).min(1).exactOptional().describe("Spawned as it stands, by no shell."),
  run: text.exactOptional().describe("One constant text for sh."),
  cwd: text.exactOptional(),
  env: z.record(z.string(), z.string()).exactOptional(),
  timeout: positiveDuration.exactOptional(),
} satisfies Shape<CommandCheckDocument>);

const schemaOrName = z.union([jsonSchema, identifier], {
  error: "must be a JSON Schema or the name of one of schemas",
});
const checkName = line.exactOptional().describe("What the check is called in reports.");
const checkSchema: z.ZodType<CheckDocument> = z.union(
  [
    z.strictObject({
      name: checkName,
      expression: text.describe("True where it passes; sees output."),
    }),
    z.strictObject({ name: checkName, schema: schemaOrName }),
    z.strictObject({
      name: checkName,
      command: commandCheckSchema.describe("Passes with exit code 0."),
    }),
  ],
  { error: "must have exactly one of expression, schema and command" },
);

const verifySchema = z.strictObject({
  checks: z.array(checkSchema).min(1).max(100).describe("All must pass."),
  loops: z
    .int()
    .min(0)
    .max(20)
    .exactOptional()
    .describe("How often failed checks go back to the owner as feedback."),
} satisfies Shape<VerifyDocument>);

const onFailureSchema = z.union(
  [z.enum(["fail", "continue", "ask"]), z.strictObject({ fallback: need })],
  { error: "must be fail, continue, ask or { fallback: step }" },
);

const deliverableSchema = z.strictObject({
  name: line,
  path: line.describe("A file of the workspace."),
  mediaType: line.exactOptional(),
} satisfies Shape<DeliverableDocument>);

const optionSchema = z.strictObject({
  value: line,
  title: line.exactOptional(),
} satisfies Shape<OptionDocument>);

const requestSchema = z.strictObject({
  kind: z.enum(["approval", "input", "choice", "review"]),
  title: line.describe("The question; may hold ${{ }}."),
  message: text.exactOptional().describe("Markdown; may hold ${{ }}."),
  assignees: assignees.exactOptional(),
  options: z.array(optionSchema).min(1).max(100).exactOptional().describe("What can be chosen."),
  form: jsonObject.exactOptional().describe("A flat JSON Schema of what is to be filled in."),
  quorum: z.int().min(1).max(100).exactOptional().describe("How many must say yes (default: 1)."),
  due: positiveDuration.exactOptional().describe("How long there is to answer."),
  onTimeout: z
    .union([z.enum(["fail", "skip"]), z.strictObject({ answer: json })], {
      error: "must be fail, skip or { answer: … }",
    })
    .exactOptional()
    .describe("What becomes of it when nobody answers in time (default: fail)."),
} satisfies Shape<RequestDocument>);

const waitSchema = z.strictObject({
  for: text.exactOptional().describe("A duration such as 10m; may hold ${{ }}."),
  until: text.exactOptional().describe("A time such as 2026-03-01T09:00:00Z; may hold ${{ }}."),
  signal: text.exactOptional().describe("The name of a signal; may hold ${{ }}."),
  timeout: positiveDuration.exactOptional().describe("How long to wait at most."),
} satisfies Shape<WaitDocument>);

const stepSchema: z.ZodType<StepDocument> = z.strictObject({
  do: z.enum(STEP_KINDS).describe("What carries the step out."),
  owner: line.exactOptional().describe("The tool, agent or person whose step it is."),
  title: line.exactOptional(),
  objective: text.exactOptional().describe("What is to be reached, in words."),
  notes: text.exactOptional(),
  needs: needsSchema.exactOptional(),
  when: text.exactOptional().describe("An expression; where it is false the step is skipped."),
  forEach: forEachSchema.exactOptional().describe("One child step per item of a list."),
  at: text.exactOptional().describe("Not before this time; may hold ${{ }}."),
  with: jsonObject.exactOptional().describe("What the step is given; may hold ${{ }}."),
  effect: z
    .enum(["none", "repeatable", "once"])
    .exactOptional()
    .describe("What a crash in the middle means: nothing happened, do it again, or ask a person."),
  retry: retrySchema.exactOptional(),
  timeout: positiveDuration.exactOptional().describe("How long one attempt may take."),
  idle: positiveDuration.exactOptional().describe("How long an attempt may be silent."),
  approve: approveSchema.exactOptional().describe("Asks a person before the first attempt."),
  output: schemaOrName.exactOptional().describe("What the output must fit."),
  deliverables: z.array(deliverableSchema).max(100).exactOptional(),
  verify: verifySchema.exactOptional().describe("Checks that the output must pass."),
  onFailure: onFailureSchema
    .exactOptional()
    .describe("What its failure for good means (default: fail)."),
  pool: identifier.exactOptional().describe("The pool of workers that may take it."),
  priority: z
    .int()
    .min(-1000)
    .max(1000)
    .exactOptional()
    .describe("Higher goes first (default: 0)."),
  workspace: z.enum(["shared", "copy", "worktree"]).exactOptional(),
  criteria: texts.exactOptional().describe("When it counts as done, in words."),
  labels: labels.exactOptional(),
  metadata: jsonObject.exactOptional(),
  request: requestSchema.exactOptional().describe("do: human asks this."),
  wait: waitSchema.exactOptional().describe("do: wait waits for this."),
  get plan() {
    return planSchema
      .exactOptional()
      .describe("do: plan carries this out; in a file also the path of one.");
  },
} satisfies Shape<StepDocument>);

/** The shape of a plan as data: what each field may hold, and no field that is not known. */
export const planSchema: z.ZodType<PlanDocument> = z.strictObject({
  format: z.literal(1).exactOptional().describe("The version of this format."),
  plan: line.describe("What the plan is called."),
  objective: text.exactOptional().describe("What is to be reached, in words."),
  lead: line.exactOptional().describe("The agent or person who leads it."),
  inputs: z
    .record(identifier, inputSchema)
    .exactOptional()
    .describe("Values that it is started with."),
  schemas: z
    .record(identifier, jsonSchema)
    .exactOptional()
    .describe('JSON Schemas by name, for output, checks and $ref: "#/schemas/NAME".'),
  policy: policySchema.exactOptional().describe("How it is carried out."),
  steps: z.record(identifier, stepSchema).describe("The steps by key."),
  answer: text.exactOptional().describe("An expression that gives the plan's answer."),
  criteria: texts.exactOptional().describe("When it counts as done, in words."),
  labels: labels.exactOptional(),
  metadata: jsonObject.exactOptional(),
} satisfies Shape<PlanDocument>);
