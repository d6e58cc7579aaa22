import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createSystemRuntime } from "../src/engine/system-runtime.ts";
import { createPure } from "../src/format/create-pure.ts";
import { openSqliteReader } from "../src/store/sqlite/open-sqlite-reader.ts";
import { Child, ensureBuilt, msSince } from "./child.ts";
import type { Figure, Target } from "./figure.ts";
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
    const bare: number[] = [];
    const program: number[] = [];
    const command: number[] = [];
    const firstCommand: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      bare.push(await bareMs());
      program.push(await inWorkFolder((folder) => firstStepMs(storeIn(folder), programArgs)));
      await inWorkFolder(async (folder) => {
        const cache = { XDG_CACHE_HOME: join(folder, "cache") };
        firstCommand.push(await firstStepMs(storeIn(join(folder, "1")), commandArgs, cache));
        command.push(await firstStepMs(storeIn(join(folder, "2")), commandArgs, cache));
      });
    }
    return [
      figure("first step of a program", program, bare, TARGET),
      figure("first step of `planwright run`", command, bare, TARGET),
      figure("the same, run for the first time ever", firstCommand, bare, null),
    ];
  },
};

const TARGET: Target = { bound: "at most", number: 200 };

function figure(
  what: string,
  values: readonly number[],
  bare: readonly number[],
  target: Target | null,
): Figure {
  const limit = { what: "bare `node -e 0`, ms", values: bare };
  return { workload: "start", what, unit: "ms", values, limit, judged: "value", target };
}

async function bareMs(): Promise<number> {
  const child = new Child(["-e", "0"]);
  await child.end();
  return msSince(child);
}

function storeIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, "planwright.db");
}

function programArgs(store: string): readonly string[] {
  return [PROGRAM, store];
}

function commandArgs(store: string): readonly string[] {
  const file = join(dirname(store), "plan.yaml");
  writeFileSync(file, PLAN);
  return [COMMAND, "run", file, "--store", store];
}

const PLAN = `plan: first
policy: { approval: none, verification: none }
steps:
  only: { do: tool, owner: std.echo }
`;

/** From before the process was started to the time that stands in the log. */
async function firstStepMs(
  store: string,
  args: (store: string) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = new Child(args(store), environment);
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
