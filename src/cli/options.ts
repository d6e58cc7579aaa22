import type { OptionText } from "./command.ts";

export const DEFAULT_STORE = ".planwright/planwright.db";
/** Beside a store that is a file its own folder is taken. */
export const DEFAULT_ARTIFACTS = ".planwright/artifacts";

const STORE: OptionText = {
  flags: "--store <path>",
  summary: "the database file of the store, or postgres://user@host/database",
  environment: "PLANWRIGHT_STORE",
  default: DEFAULT_STORE,
};

const ARTIFACTS: OptionText = {
  flags: "--artifacts <folder>",
  summary: `on Postgres: the folder of the artifacts, shared by all processes; ${DEFAULT_ARTIFACTS} if not said`,
  environment: "PLANWRIGHT_ARTIFACTS",
};

/** Where plans are, for a command that only looks. */
export const STORE_TO_READ: readonly OptionText[] = [STORE, ARTIFACTS];

const ACCEPT_DATA_LOSS: OptionText = {
  flags: "--accept-data-loss",
  summary: "on Postgres: work on a database that may lose in a crash what it has acknowledged",
  environment: "PLANWRIGHT_ACCEPT_DATA_LOSS",
};

/** Where plans are, for a command that writes. */
export const STORE_TO_WRITE: readonly OptionText[] = [...STORE_TO_READ, ACCEPT_DATA_LOSS];

const AS: OptionText = {
  flags: "--as <name>",
  summary: "who acts, recorded as unverified; the user of this machine if not said",
  environment: "PLANWRIGHT_AS",
};

export const QUIET: OptionText = {
  flags: "--quiet",
  summary: "no progress and no advice on stderr, and no questions",
};

export const JSON_OUT: OptionText = { flags: "--json", summary: "one JSON document on stdout" };

export const JSON_LINES: OptionText = {
  flags: "--jsonl",
  summary: "one JSON value a line on stdout, as it comes",
};

export const WAIT: OptionText = {
  flags: "--wait <duration>",
  summary: "stop waiting after so long (exit code 124)",
  kind: "duration",
};

export const INPUT: OptionText = {
  flags: "--input <name=value>",
  summary: "a value for an input of the plan; name=@path hands in a file; repeat it for more",
  repeated: true,
};

export const LIMIT: OptionText = {
  flags: "--limit <n>",
  summary: "at most so many; 50 if not said, up to 200",
  kind: "whole-number",
};

export const CURSOR: OptionText = {
  flags: "--cursor <cursor>",
  summary: "go on where the page before ended",
};

export const COMMENT: OptionText = {
  flags: "--comment <text>",
  summary: "why, to be kept with the decision",
};

export const WATCH: OptionText = {
  flags: "--watch",
  summary: "go on to carry the plan out and show how it goes",
};

export const CONCURRENCY: OptionText = {
  flags: "--concurrency <n>",
  summary: "attempts under way at once in this process; 32 if not said",
  environment: "PLANWRIGHT_CONCURRENCY",
  kind: "whole-number",
};

/** What every command that only looks takes. */
export const READING: readonly OptionText[] = [...STORE_TO_READ, JSON_OUT, QUIET];

/** What every command that changes something takes. */
export const ACTING: readonly OptionText[] = [...STORE_TO_WRITE, AS, JSON_OUT, QUIET];
