import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSystemRuntime } from "../src/engine/system-runtime.ts";
import { createPure } from "../src/format/create-pure.ts";
import { openSqliteReader } from "../src/store/sqlite/open-sqlite-reader.ts";
import { Child, ensureBuilt, msSince } from "./child.ts";
import type { Figure } from "./figure.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

const PROGRAM = join(import.meta.dirname, "first-step.mjs");
const COMMAND = join(import.meta.dirname, "..", "dist", "cli", "main.js");

/** How long a process takes from nothing to its first step. */
export const start: Workload = {
  name: "start",
  about: "from the start of a process on an empty folder until its first step is recorded",
  run: async ({ runs }) => {
    ensureBuilt();
    const program: number[] = [];
    const command: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      bare.push(await bareMs());
      program.push(await inWorkFolder((folder) => firstStepMs(folder, programArgs)));
      command.push(await inWorkFolder((folder) => firstStepMs(folder, commandArgs)));
    }
    return [
      figure("first step of a program", program, bare),
      figure("first step of `planwright run`", command, bare),
    ];
  },
};

function figure(what: string, values: readonly number[], bare: readonly number[]): Figure {
  return {
    workload: "start",
    what,
    unit: "ms",
    values,
    limit: { what: "bare `node -e 0`, ms", values: bare },
    judged: "value",
    target: { bound: "at most", number: 200 },
  };
}

async function bareMs(): Promise<number> {
  const child = new Child(["-e", "0"]);
  await child.end();
  return msSince(child);
}

type Arguments = (folder: string, store: string) => readonly string[];

function programArgs(_folder: string, store: string): readonly string[] {
  return [PROGRAM, store];
}

function commandArgs(folder: string, store: string): readonly string[] {
  const file = join(folder, "plan.yaml");
  writeFileSync(file, PLAN);
  return [COMMAND, "run", file, "--store", store];
}

const PLAN = `plan: first
policy: { approval: none, verification: none }
steps:
  only: { do: tool, owner: std.echo }
`;

/** From before the process was started to the time that stands in the log. */
async function firstStepMs(folder: string, args: Arguments): Promise<number> {
  const store = join(folder, "planwright.db");
  const child = new Child(args(folder, store));
  await child.end();
  return (await firstSuccessAt(store)) - child.startedAt;
}

async function firstSuccessAt(path: string): Promise<number> {
  const pure = createPure((text) => hash("sha256", text));
  await using stores = await openSqliteReader({ path, clock: createSystemRuntime(), pure });
  const { events } = await stores.forTenant("default").feed(null, 100);
  const success = events.find(({ type }) => type === "step.succeeded");
  if (success === undefined) throw new Error("no step succeeded");
  return Date.parse(success.time);
}
