import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe as group, expect, test } from "vitest";
import { PLAN_ACTIONS, STEP_ACTIONS } from "../../src/core/plan/actions.ts";
import type { CommandText } from "../../src/cli/command.ts";
import { COMMAND_LIST } from "../../src/cli/commands/command-list.ts";
import { eventTypes } from "../../src/core/plan/describe.ts";
import { HOSTILE_PLANS } from "../hostile-plans.ts";
import { WARNING_WORDS } from "./code-words.ts";
import { codesIn, faultCodes, warningCodes } from "./codes-in-source.ts";
import { codesPage, exitRows } from "./codes-page.ts";
import { FAULT_WORDS } from "./fault-words.ts";

const reference = join(import.meta.dirname, "../../docs/reference");

group("the reference", () => {
  test("names every type of event that a log may hold, and no other", () => {
    const text = readFileSync(join(reference, "events.md"), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) => [
      ...(row.split("|")[1] ?? "").matchAll(/`([a-z]+\.[a-z-]+)`/g),
    ]);
    expect(new Set(named.map(([, type]) => type))).toEqual(new Set(eventTypes()));
    expect(named).toHaveLength(eventTypes().length);
  });

  test("shows the state table as it decides", async () => {
    await expect(stateTable()).toMatchFileSnapshot(join(reference, "states.md"));
  });
});

group("the reference of codes", () => {
  test("tells every exit code, refusal, fault and warning, with what helps", async () => {
    await expect(codesPage()).toMatchFileSnapshot(join(reference, "codes.md"));
  });

  test("has words for every fault and warning that there is, and for no other", () => {
    expect(Object.keys(FAULT_WORDS).toSorted()).toEqual([...faultCodes()].toSorted());
    expect(Object.keys(WARNING_WORDS).toSorted()).toEqual([...warningCodes()].toSorted());
  });

  test("knows the first fault of every hostile plan", () => {
    const first = HOSTILE_PLANS.flatMap(({ becomes }) =>
      typeof becomes === "string" ? [becomes.replace(/^\S+ /, "")] : [],
    );
    expect(first.length).toBeGreaterThan(100);
    expect(first.filter((code) => !faultCodes().has(code))).toEqual([]);
  });

  test("finds a code in whichever way it is given to a fault", () => {
    const ways = [
      'return { code: "a-a", message, pointer }',
      'const code = typeof value === "string" ? "b-b" : "c-c";',
      'faultAt("d-d", path, message)',
      'yield fault(\n  "e-e", message, at)',
      'this.#fault("f-f", message, node)',
      'this.#fault(path, `${value} is wrong`, "g-g");',
      'return at("h-h", message, 0)',
      '#fault(path: Path, message: string, code = "i-i"): void',
    ];
    expect(codesIn(ways.join("\n")).toSorted()).toEqual(
      "abcdefghi".split("").map((letter) => `${letter}-${letter}`),
    );
  });
});

test("tells every command as it is typed", async () => {
  await expect(commandLine()).toMatchFileSnapshot(join(reference, "command-line.md"));
});

function commandLine(): string {
  const lines = [
    "# Command line",
    "",
    "Written from the commands themselves (`src/cli/commands/`). stdout is data, stderr is progress; `--json` gives one",
    "document, `--jsonl` one value a line. Flags come before the environment.",
    "",
    "| exit code | meaning |",
    "| --- | --- |",
    ...exitRows(([means]) => means),
    "",
    "[Codes](codes.md) say what helps.",
    "",
  ];
  for (const entry of COMMAND_LIST) {
    const inGroup = "commands" in entry;
    if (inGroup) lines.push(`## planwright ${entry.name}`, "", entry.summary, "");
    for (const command of inGroup ? entry.commands : [entry]) {
      lines.push(...commandText(inGroup ? `${entry.name} ` : "", command));
    }
  }
  return lines.join("\n");
}

function commandText(prefix: string, command: CommandText): string[] {
  const usage = `planwright ${prefix}${command.name} ${command.arguments ?? ""}`.trim();
  const options = (command.options ?? []).map(
    ({ flags, summary, environment }) =>
      `| \`${flags}\` | ${summary}${environment === undefined ? "" : ` (\`${environment}\`)`} |`,
  );
  return [
    `${prefix === "" ? "##" : "###"} ${usage}`,
    "",
    command.summary,
    ...(command.details === undefined ? [] : ["", command.details]),
    "",
    "```sh",
    command.example,
    "```",
    "",
    ...(options.length === 0 ? [] : ["| option | |", "| --- | --- |", ...options, ""]),
  ];
}

function stateTable(): string {
  return [
    "# States and what they allow",
    "",
    "Written from the table that decides (`src/core/plan/actions.ts`).",
    "",
    "## Plans",
    "",
    "`draft → pending-approval → approved → executing → completed | failed | cancelled`, and `rejected`.",
    "",
    "| status | allowed |",
    "| --- | --- |",
    ...rowsOf(PLAN_ACTIONS),
    "",
    "An executing plan also has a condition: `running`, `waiting` (for people, timers, signals), `blocked` (nothing can",
    "move, with the reason), `paused`, `cancelling` or `failing`. Pausing needs one that is not paused and not ending;",
    "while a plan is ending, only a cancel is still allowed. An ended plan never moves again.",
    "",
    "## Steps",
    "",
    "`pending → ready → running → (waiting →) succeeded | failed | skipped | cancelled`. Steps of kind `human`, `wait` and",
    "`plan`, lists, and a gate before the first attempt go from `pending` to `waiting`.",
    "",
    "| status | allowed while the plan is executing |",
    "| --- | --- |",
    ...rowsOf(STEP_ACTIONS),
    "",
    "A `ready` step can be retried while it is in a backoff, a `waiting` one where it is set aside, ambiguous, or failed and",
    "asks. A step that waits for its sub-plan or its children ends with them.",
    "",
  ].join("\n");
}

function rowsOf(table: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(table).map(
    ([status, actions]) =>
      `| \`${status}\` | ${actions.length === 0 ? "nothing" : actions.join(", ")} |`,
  );
}
