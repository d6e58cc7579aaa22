import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = join(import.meta.dirname, "../../src");

/** The codes of all that may be wrong with a plan file, with inputs or with an answer. */
export function faultCodes(): ReadonlySet<string> {
  const checks = textsOf("{format,core/graph}/**/*.ts", (file) => !tellsWarnings(file));
  const others = textsOf("{core/plan,core/request,cli}/**/*.ts", () => true);
  return new Set([...checks.flatMap(codesIn), ...others.flatMap(codesOfPointers)]);
}

/** The codes of what is allowed and perhaps not meant. */
export function warningCodes(): ReadonlySet<string> {
  return new Set(textsOf("format/check/*.ts", tellsWarnings).flatMap(codesIn));
}

function tellsWarnings(file: string): boolean {
  return file.endsWith("warnings.ts");
}

function textsOf(pattern: string, wanted: (file: string) => boolean): readonly string[] {
  return globSync(pattern, { cwd: SOURCE })
    .filter((file) => !file.endsWith(".test.ts") && wanted(file))
    .map((file) => readFileSync(join(SOURCE, file), "utf8"));
}

/** The ways in which a text of these floors gives a code to a fault. */
const FORMS: readonly RegExp[] = [
  /\bcode(?::| =) "([a-z-]+)"/g,
  /\bcode = [^;"]*"[a-z-]*"[^;"]* \? "([a-z-]+)"/g,
  /\bcode = [^;]* : "([a-z-]+)";/g,
  /(?:fault|faultAt|\bat)\(\s*"([a-z-]+)"/gi,
  /#fault\([^;]*, "([a-z-]+)"\);/g,
];

/** The codes that a text gives to faults. */
export function codesIn(text: string): readonly string[] {
  return FORMS.flatMap((form) => groupsOf(form, text));
}

/** Elsewhere other things have codes, too; what points into a text or a value is a fault. */
function codesOfPointers(text: string): readonly string[] {
  return groupsOf(/\{[^{}]*\bcode: "([a-z0-9-]+)"[^{}]*\bpointer\b[^{}]*\}/g, text);
}

function groupsOf(form: RegExp, text: string): readonly string[] {
  return [...text.matchAll(form)].flatMap(([, code]) => code ?? []);
}
