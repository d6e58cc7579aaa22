import { parseDuration } from "../core/duration.ts";
import type { Json } from "../core/json.ts";
import { UsageFault } from "./usage-fault.ts";

/** What was typed, read by name; a flag before the environment before the default. */
export interface Given {
  /** The words after `planwright`: who holds a store calls itself by them. */
  readonly command: string;
  /** The nth argument, which the command demands. */
  argument(index: number): string;
  argumentOr(index: number): string | undefined;
  text(option: string): string | undefined;
  flag(option: string): boolean;
  list(option: string): readonly string[];
  durationMs(option: string): number | undefined;
  count(option: string): number | undefined;
  json(option: string): Json | undefined;
  /** Whether an option was typed, rather than found in the environment or left to its default. */
  isTyped(option: string): boolean;
}

/** Reads what a parser of command lines has found. */
export function createGiven(typed: {
  readonly command: string;
  readonly words: readonly unknown[];
  readonly options: ReadonlyMap<string, unknown>;
  readonly isTyped: (option: string) => boolean;
}): Given {
  const argumentOr = (index: number) => asText(typed.words[index]);
  const text = (option: string) => asText(typed.options.get(option));
  const read = <T>(option: string, parse: (text: string) => T): T | undefined => {
    const value = text(option);
    return value === undefined ? undefined : parse(value);
  };
  return {
    command: typed.command,
    argumentOr,
    argument: (index) => {
      const word = argumentOr(index);
      if (word === undefined) throw new UsageFault(`argument ${index + 1} is missing`);
      return word;
    },
    text,
    flag: (option) => typed.options.get(option) === true,
    list: (option) => {
      const value = typed.options.get(option);
      return Array.isArray(value) ? value.map(String) : [];
    },
    durationMs: (option) => read(option, readDuration),
    count: (option) => read(option, readCount),
    json: (option) => read(option, readJson),
    isTyped: typed.isTyped,
  };
}

/** Milliseconds of a duration as people write it. */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null)
    throw new UsageFault(`${JSON.stringify(text)} is no duration such as 30s or 10m`);
  return ms;
}

export function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageFault(`${JSON.stringify(text)} is no whole number`);
  return Number(text);
}

export function readJson(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw new UsageFault(`${JSON.stringify(text)} is not JSON (a text needs its quotes: '"yes"')`);
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
