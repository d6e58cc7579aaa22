import { readFileSync } from "node:fs";
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CommandGroup, CommandText, OptionText } from "./command.ts";
import { COMMAND_LIST } from "./commands/command-list.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { isPostgresUrl } from "../store/postgres/postgres-url.ts";
import { createGiven, readCount, readDuration, readJson, type Given } from "./given.ts";
import { createFace } from "./screen/face.ts";
import { tellFault } from "./tell-fault.ts";
import { UsageFault } from "./usage-fault.ts";

/** Carries out one command line and says how it ended. */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = createProgram((ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    // Help that was asked for, and the version, end as well as anything else does.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

function createProgram(onEnd: (code: ExitCode) => void): Command {
  const program = new Command("planwright")
    .description("Carries out approved plans durably, and says why when it does not.")
    .version(readVersion(), "--version", "the version of planwright")
    .helpOption("--help", "how it is used")
    .exitOverride()
    .showHelpAfterError()
    .addHelpText("after", EXAMPLES);
  for (const entry of COMMAND_LIST) {
    if ("commands" in entry) addGroup(program, entry, onEnd);
    else addCommand(program, entry, onEnd);
  }
  return program;
}

const EXAMPLES = `
Examples:
  $ planwright run release.plan.yaml --approve
  $ planwright plan explain pln_0199…      why is it not moving?

Exit codes: 0 done, 1 the run did not complete, 2 wrong usage, 3 not a valid plan, 4 not found,
5 a person is needed, 6 it cannot move by itself, 7 the store cannot be had, 8 refused,
124 --wait ran out, 130 interrupted`;

function addGroup(program: Command, group: CommandGroup, onEnd: (code: ExitCode) => void): void {
  const parent = program.command(group.name).description(group.summary);
  for (const one of group.commands) addCommand(parent, one, onEnd);
}

function addCommand(parent: Command, text: CommandText, onEnd: (code: ExitCode) => void): void {
  const usage = text.arguments === undefined ? text.name : `${text.name} ${text.arguments}`;
  const command = parent
    .command(usage)
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}\n\n${text.details}`)
    .addHelpText("after", `\nExample:\n  $ ${text.example}`);
  for (const option of text.options ?? []) command.addOption(toOption(option));
  command.action(async () => onEnd(await carryOut(command, text)));
}

function toOption({ flags, summary, kind, ...text }: OptionText): Option {
  const option = new Option(flags, summary);
  if (text.environment !== undefined) option.env(text.environment);
  if (text.default !== undefined) option.default(text.default);
  if (text.choices !== undefined) option.choices(text.choices);
  if (text.repeated === true) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  if (kind !== undefined) option.argParser((value: string) => checked(value, READERS[kind]));
  return option;
}

const READERS: Readonly<Record<NonNullable<OptionText["kind"]>, (text: string) => unknown>> = {
  duration: readDuration,
  "whole-number": readCount,
  json: readJson,
};

function checked(value: string, read: (text: string) => unknown): string {
  try {
    read(value);
    return value;
  } catch (error) {
    if (error instanceof UsageFault) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

async function carryOut(command: Command, text: CommandText): Promise<ExitCode> {
  const options = new Map<string, unknown>(Object.entries(command.opts()));
  const face = createFace({ quiet: options.get("quiet") === true });
  const given = createGiven({
    command: nameOf(command),
    words: command.processedArgs,
    options,
    isTyped: (option) => command.getOptionValueSource(option) === "cli",
  });
  hideAddress(given);
  try {
    const act = await text.load();
    return await act(given, face);
  } catch (error) {
    const code = tellFault(error, given, face);
    if (error instanceof UsageFault) command.outputHelp({ error: true });
    return code;
  }
}

/** A password that was typed is not left where everybody on this machine sees it. */
function hideAddress(given: Given): void {
  if (given.isTyped("store") && isPostgresUrl(given.text("store") ?? "")) {
    process.title = given.command;
  }
}

function nameOf(command: Command): string {
  const above = command.parent;
  return above === null ? command.name() : `${nameOf(above)} ${command.name()}`;
}

function readVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  const manifest: { readonly version?: string } = JSON.parse(readFileSync(file, "utf8"));
  return manifest.version ?? "unknown";
}
