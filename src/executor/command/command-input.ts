import { type Json, isJsonObject } from "../../core/json.ts";
import { pointerOf } from "../../core/graph/fault.ts";
import { type Tried, hopeless } from "../tried.ts";
import { isVariableName } from "./environment.ts";

export const PARSES = ["text", "lines", "json"] as const;
export type Parse = (typeof PARSES)[number];

/** What a step or a check asks to be run, with every expression filled in. */
export interface CommandInput {
  /** As it is spawned; a `run` text is one constant argument of the shell. */
  readonly argv: readonly [string, ...string[]];
  /** Whether a shell was asked for. */
  readonly shell: boolean;
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | null;
  readonly parse: Parse;
}

const FIELDS: ReadonlySet<string> = new Set(["argv", "run", "cwd", "env", "stdin", "parse"]);

/** Reads the resolved `with` of a command; what is wrong with it is said with its place. */
export function readCommandInput(input: Json): Tried<CommandInput> {
  if (!isJsonObject(input)) return wrong([], "a command needs `argv` (a list) or `run` (a text)");
  const unknown = Object.keys(input).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) {
    return wrong(
      [unknown],
      `a command has no field \`${unknown}\`; it has ${[...FIELDS].join(", ")}`,
    );
  }
  const program = readProgram(input["argv"], input["run"]);
  if (!program.ok) return program;
  const env = readEnvironment(input["env"]);
  if (!env.ok) return env;
  const cwd = readText(input["cwd"], "cwd");
  if (!cwd.ok) return cwd;
  const stdin = readText(input["stdin"], "stdin");
  if (!stdin.ok) return stdin;
  const parse = PARSES.find((one) => one === (input["parse"] ?? "text"));
  if (parse === undefined) return wrong(["parse"], `\`parse\` is one of ${PARSES.join(", ")}`);
  return {
    ok: true,
    value: { ...program.value, env: env.value, cwd: cwd.value, stdin: stdin.value, parse },
  };
}

type Value = Json | undefined;

function readProgram(argv: Value, run: Value): Tried<Pick<CommandInput, "argv" | "shell">> {
  if ((argv === undefined) === (run === undefined)) {
    return wrong([], "a command has either `argv` (a list) or `run` (one text for the shell)");
  }
  if (argv === undefined) return readRun(run);
  if (!isList(argv)) return wrong(["argv"], "`argv` is a list: the program, then its arguments");
  const words: string[] = [];
  for (const [index, word] of argv.entries()) {
    const text = asText(word);
    if (text === null)
      return wrong(["argv", index], "an argument is a text, a number or true/false");
    if (text.includes("\0"))
      return wrong(["argv", index], "an argument cannot hold a NUL character");
    words.push(text);
  }
  const [program, ...rest] = words;
  if (program === undefined || program === "")
    return wrong(["argv", 0], "`argv` begins with a program");
  if (program.startsWith("-")) {
    return wrong(["argv", 0], "a program's name cannot begin with a hyphen: write its path");
  }
  return { ok: true, value: { argv: [program, ...rest], shell: false } };
}

function readRun(run: Value): Tried<Pick<CommandInput, "argv" | "shell">> {
  if (typeof run !== "string" || run.trim() === "")
    return wrong(["run"], "`run` is a text for the shell");
  if (run.includes("\0")) return wrong(["run"], "`run` cannot hold a NUL character");
  return { ok: true, value: { argv: ["/bin/sh", "-c", run], shell: true } };
}

function readEnvironment(env: Value): Tried<Readonly<Record<string, string>>> {
  if (env === undefined || env === null) return { ok: true, value: {} };
  if (!isJsonObject(env)) return wrong(["env"], "`env` names values by variable");
  const variables: [string, string][] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!isVariableName(name)) {
      return wrong(
        ["env", name],
        `${JSON.stringify(name)} is no name of a variable (A-Z, a-z, 0-9, _)`,
      );
    }
    // A value that does not fit an environment as it is goes in as JSON.
    const text = asText(value) ?? JSON.stringify(value ?? null);
    if (text.includes("\0")) return wrong(["env", name], "a variable cannot hold a NUL character");
    variables.push([name, text]);
  }
  return { ok: true, value: Object.fromEntries(variables) };
}

function readText(value: Value, name: string): Tried<string | null> {
  if (value === undefined || value === null) return { ok: true, value: null };
  if (typeof value !== "string") return wrong([name], `\`${name}\` is a text`);
  if (name === "cwd" && value.includes("\0"))
    return wrong([name], "a path cannot hold a NUL character");
  return { ok: true, value };
}

function asText(value: Value): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function wrong(path: readonly (string | number)[], message: string): Tried<never> {
  return { ok: false, error: hopeless("invalid-input", message, pointerOf(path)) };
}
