import { EXIT, EXIT_OF_REFUSAL, EXIT_OF_STORE_FAULT } from "../../src/cli/exit-code.ts";
import type { CodeWords } from "./code-words.ts";
import { EXIT_WORDS, REFUSAL_WORDS, STORE_FAULT_WORDS, WARNING_WORDS } from "./code-words.ts";
import { faultCodes, warningCodes } from "./codes-in-source.ts";
import { FAULT_WORDS } from "./fault-words.ts";

/** The reference of every code, made from where they are given. */
export function codesPage(): string {
  return [
    "# Codes",
    "",
    "Written from the code itself: exit codes, refusals and faults of the store from `src/cli/exit-code.ts`, faults and",
    "warnings from where they are found. Codes are stable; messages say what is wrong in this place, and what would be right.",
    "",
    "## Exit codes",
    "",
    "| exit code | meaning | what helps |",
    "| --- | --- | --- |",
    ...exitRows(([means, helps]) => `${means} | ${helps}`),
    "",
    "## Refusals",
    "",
    "A lawful no: a value (`{ ok: false, refusal }`) in the library, an exit code on the command line.",
    "",
    "| code | exit | meaning | what helps |",
    "| --- | --- | --- | --- |",
    ...rowsWithExit(REFUSAL_WORDS, EXIT_OF_REFUSAL),
    "",
    "## Faults of the store",
    "",
    "The world failed: thrown as `StoreFault` in the library, an exit code on the command line.",
    "",
    "| code | exit | meaning | what helps |",
    "| --- | --- | --- | --- |",
    ...rowsWithExit(STORE_FAULT_WORDS, EXIT_OF_STORE_FAULT),
    "",
    "## Faults of a plan",
    "",
    "What `plan validate` finds, all at once and each with its place; and what is wrong with inputs and answers, as the",
    "`faults` of a refusal.",
    "",
    "| code | meaning | what helps |",
    "| --- | --- | --- |",
    ...rowsOf(faultCodes(), FAULT_WORDS),
    "",
    "## Warnings",
    "",
    "What is allowed, and perhaps not what was meant.",
    "",
    "| code | meaning | what helps |",
    "| --- | --- | --- |",
    ...rowsOf(warningCodes(), WARNING_WORDS),
    "",
  ].join("\n");
}

/** One row for each exit code, with what is said of it. */
export function exitRows(say: (words: CodeWords) => string): readonly string[] {
  return keysOf(EXIT).map((name) => `| ${EXIT[name]} | ${say(EXIT_WORDS[name])} |`);
}

function rowsWithExit<Code extends string>(
  words: Readonly<Record<Code, CodeWords>>,
  exits: Readonly<Record<Code, number>>,
): readonly string[] {
  return keysOf(words).map((code) => {
    const [means, helps] = words[code];
    return `| \`${code}\` | ${exits[code]} | ${means} | ${helps} |`;
  });
}

function rowsOf(
  codes: ReadonlySet<string>,
  words: Readonly<Record<string, CodeWords>>,
): readonly string[] {
  return [...codes].toSorted().map((code) => {
    const [means, helps] = words[code] ?? ["?", "?"];
    return `| \`${code}\` | ${means} | ${helps} |`;
  });
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(record) as Key[];
}
