import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreReader } from "../src/store/store.ts";
import { Child, msSince } from "./child.ts";

const PROGRAM = join(import.meta.dirname, "first-step.mjs");
const COMMAND = join(import.meta.dirname, "..", "dist", "cli", "main.js");

const PLAN = `plan: first
policy: { approval: none, verification: none }
steps:
  only: { do: tool, owner: std.echo }
`;

/** How long a process takes that has nothing to do. */
export async function bareMs(): Promise<number> {
  const child = new Child(["-e", "0"]);
  await child.end();
  return msSince(child);
}

/** The smallest program on a store; gives the time of its start. */
export function runProgram(store: string): Promise<number> {
  return runChild([PROGRAM, store]);
}

/** `planwright run` of the smallest plan, in a folder; gives the time of its start. */
export function runCommand(
  store: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const file = join(folder, "plan.yaml");
  writeFileSync(file, PLAN);
  return runChild([COMMAND, "run", file, "--store", store], environment);
}

async function runChild(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = new Child(args, environment);
  await child.end();
  return child.startedAt;
}

/** When the last step succeeded, as its store tells it. */
export async function lastSuccessAt(reader: StoreReader): Promise<number> {
  const { events } = await reader.feed(null, 1000);
  const success = events.findLast(({ type }) => type === "step.succeeded");
  if (success === undefined) throw new Error("no step succeeded");
  return Date.parse(success.time);
}
