import type { Fault } from "../../core/graph/fault.ts";
import type { Json, JsonSchema } from "../../core/json.ts";
import type { Effect } from "../../core/plan/document.ts";
import type { Pure } from "../../core/pure.ts";
import { toJson } from "../to-json.ts";
import { type Tried, hopeless } from "../tried.ts";
import { type StandardSchema, faultOf, isStandardSchema } from "./standard-schema.ts";
import type { Tool, ToolContext } from "./tool.ts";

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
export function defineTool<Input, Result>(definition: TypedToolDefinition<Input, Result>): Tool;
export function defineTool<Result>(definition: ToolDefinition<Result>): Tool;
export function defineTool<Input, Result>(
  definition: TypedToolDefinition<Input, Result> | ToolDefinition<Result>,
): Tool {
  const { name, input } = definition;
  if (!/^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/.test(name) || name.length > 128) {
    throw new TypeError(
      `no name for a tool: ${JSON.stringify(name)}; write letters, digits, _ and -, with dots between groups`,
    );
  }
  return {
    name,
    description: definition.description ?? null,
    effect: definition.effect ?? "once",
    inputSchema: input === undefined || isStandardSchema(input) ? null : input,
    call: async (value, context, pure) => {
      const done = isTyped(definition)
        ? await callTyped(definition, value, context)
        : await callPlain(definition, value, context, pure);
      return done.ok ? readOutput(done.value, definition.output, pure).catch(unreadable) : done;
    },
  };
}

function isTyped<Input, Result>(
  definition: TypedToolDefinition<Input, Result> | ToolDefinition<Result>,
): definition is TypedToolDefinition<Input, Result> {
  return isStandardSchema(definition.input);
}

async function callTyped<Input, Result>(
  definition: TypedToolDefinition<Input, Result>,
  input: Json,
  context: ToolContext,
): Promise<Tried<Result>> {
  const read = await definition.input["~standard"].validate(input);
  if (read.issues !== undefined) return refuse("invalid-input", "input", read.issues.map(faultOf));
  return { ok: true, value: await definition.execute(read.value, context) };
}

async function callPlain<Result>(
  definition: ToolDefinition<Result>,
  input: Json,
  context: ToolContext,
  pure: Pick<Pure, "validate">,
): Promise<Tried<Result>> {
  const faults = definition.input === undefined ? [] : pure.validate(definition.input, input);
  if (faults.length > 0) return refuse("invalid-input", "input", faults);
  return { ok: true, value: await definition.execute(input, context) };
}

async function readOutput(
  value: unknown,
  schema: JsonSchema | StandardSchema<unknown, unknown> | undefined,
  pure: Pick<Pure, "validate">,
): Promise<Tried<Json>> {
  const output = asOutput(value);
  if (!output.ok || schema === undefined) return output;
  if (isStandardSchema(schema)) {
    const read = await schema["~standard"].validate(output.value);
    if (read.issues === undefined) return asOutput(read.value);
    return refuse("output-invalid", "output", read.issues.map(faultOf));
  }
  const faults = pure.validate(schema, output.value);
  return faults.length === 0 ? output : refuse("output-invalid", "output", faults);
}

/** By now the tool has done its work: what its schema throws is no failure of that. */
function unreadable(error: unknown): Tried<never> {
  const why = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    error: hopeless("output-invalid", `the tool's output cannot be read: ${why}`),
  };
}

function asOutput(value: unknown): Tried<Json> {
  if (value === undefined) {
    const message = "the tool returned undefined: return null where there is nothing to say";
    return { ok: false, error: hopeless("output-invalid", message) };
  }
  const json = toJson(value);
  if (json.ok) return json;
  const message = `the tool's output ${json.pointer === "" ? "" : `at ${json.pointer} `}${json.message}`;
  return { ok: false, error: hopeless("output-invalid", message, json.pointer) };
}

const FAULTS_SHOWN = 5;

function refuse(code: string, what: string, faults: readonly Fault[]): Tried<never> {
  const shown = faults
    .slice(0, FAULTS_SHOWN)
    .map(({ pointer, message }) => (pointer === "" ? message : `${pointer}: ${message}`));
  const more = faults.length > FAULTS_SHOWN ? `; and ${faults.length - FAULTS_SHOWN} more` : "";
  const message = `the tool's ${what} does not fit its schema: ${shown.join("; ")}${more}`;
  return { ok: false, error: hopeless(code, message, faults[0]?.pointer ?? "") };
}
