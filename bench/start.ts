import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createSystemRuntime } from "../src/engine/system-runtime.ts";
import { createPure } from "../src/format/create-pure.ts";
import { openSqliteReader } from "../src/store/sqlite/open-sqlite-reader.ts";
import { ensureBuilt } from "./child.ts";
import type { Figure, Target } from "./figure.ts";
import { bareMs, lastSuccessAt, runCommand, runProgram } from "./first-step.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

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
      program.push(await inWorkFolder((folder) => firstStepMs(folder, runProgram)));
      await inWorkFolder(async (folder) => {
        const cache = { XDG_CACHE_HOME: join(folder, "cache") };
        const run = (store: string, place: string) => runCommand(store, place, cache);
        firstCommand.push(await firstStepMs(join(folder, "1"), run));
        command.push(await firstStepMs(join(folder, "2"), run));
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

/** From before the process was started to the time that stands in the log. */
async function firstStepMs(
  folder: string,
  run: (store: string, folder: string) => Promise<number>,
): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "planwright.db");
  const startedAt = await run(path, folder);
  const pure = createPure((text) => hash("sha256", text));
  await using stores = await openSqliteReader({ path, clock: createSystemRuntime(), pure });
  return (await lastSuccessAt(stores.forTenant("default"))) - startedAt;
}
