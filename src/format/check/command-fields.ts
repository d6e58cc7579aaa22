import type { Fault } from "../../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { didYouMean } from "../suggest.ts";
import { hasTemplate } from "../template.ts";
import { faultAt, type Path } from "./fault-at.ts";

const FIELDS = ["argv", "run", "cwd", "env", "stdin", "parse"];
const PARSES = ["text", "lines", "json"];
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is wrong with the `with` of a command. */
export function commandFieldFaults(given: JsonObject, path: Path): readonly Fault[] {
  const unknown = Object.keys(given).filter((field) => !FIELDS.includes(field));
  return [
    ...unknown.map((field) => unknownField(field, path)),
    ...programFaults(given, path),
    ...textFaults(given, "cwd", path),
    ...textFaults(given, "stdin", path),
    ...parseFaults(given["parse"], [...path, "parse"]),
    ...environmentFaults(given["env"], [...path, "env"]),
  ];
}

/** What is wrong with the program of a command or of a command check. */
export function programFaults(
  { argv, run }: { readonly argv?: Json | undefined; readonly run?: Json | undefined },
  path: Path,
): readonly Fault[] {
  if ((argv === undefined) === (run === undefined)) {
    const found = argv === undefined ? "neither" : "both";
    const message = `a command has argv (a list) or run (one text for sh), not ${found}`;
    return [faultAt("conflicting-fields", path, message)];
  }
  return argv === undefined
    ? runFaults(run, [...path, "run"])
    : argvFaults(argv, [...path, "argv"]);
}

function runFaults(run: Json | undefined, path: Path): readonly Fault[] {
  if (typeof run !== "string" || run.trim() === "") {
    return [faultAt("wrong-type", path, "run is one text for sh")];
  }
  if (!hasTemplate(run)) return [];
  const message =
    "run is constant text, read by a shell: hand the value over through env, or use argv";
  return [faultAt("expression-in-run", path, message)];
}

function argvFaults(argv: Json, path: Path): readonly Fault[] {
  if (!Array.isArray(argv) || argv.length === 0) {
    return [faultAt("wrong-type", path, "argv is a list: the program, then its arguments")];
  }
  const words: readonly Json[] = argv;
  const faults = words.flatMap((word, index) => {
    if (isWord(word)) return [];
    return [
      faultAt("wrong-type", [...path, index], "an argument is text, a number, true or false"),
    ];
  });
  const [program] = words;
  if (program !== "" && !(typeof program === "string" && program.startsWith("-"))) return faults;
  const message = "argv begins with the program, which is not empty and has no hyphen in front";
  return [...faults, faultAt("wrong-format", [...path, 0], message)];
}

function textFaults(given: JsonObject, field: string, path: Path): readonly Fault[] {
  const value = given[field];
  if (value === undefined || typeof value === "string") return [];
  return [faultAt("wrong-type", [...path, field], `${field} is text`)];
}

function parseFaults(parse: Json | undefined, path: Path): readonly Fault[] {
  if (parse === undefined || (typeof parse === "string" && PARSES.includes(parse))) return [];
  const hint = typeof parse === "string" ? didYouMean(parse, PARSES) : "";
  return [faultAt("unknown-value", path, `parse is one of ${PARSES.join(", ")}${hint}`)];
}

/** What is wrong with the variables of a command or of a command check. */
export function environmentFaults(env: Json | undefined, path: Path): readonly Fault[] {
  if (env === undefined) return [];
  if (!isJsonObject(env)) return [faultAt("wrong-type", path, "env is a map of variables")];
  return Object.keys(env)
    .filter((name) => !VARIABLE.test(name))
    .map((name) => {
      const message = `${JSON.stringify(name.slice(0, 40))} is no name of a variable: use letters, digits and _`;
      return faultAt("invalid-key", [...path, name], message);
    });
}

function unknownField(field: string, path: Path): Fault {
  const hint = didYouMean(field, FIELDS) || `; known are ${FIELDS.join(", ")}`;
  const message = `"${field.slice(0, 40)}" is no field of a command${hint}`;
  return faultAt("unknown-field", [...path, field], message);
}

function isWord(value: Json): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
