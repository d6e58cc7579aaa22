import { hash } from "node:crypto";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgresReader } from "../../src/store/postgres/open-postgres-reader.ts";
import { ensureBuilt } from "../child.ts";
import type { Figure, Target } from "../figure.ts";
import { bareMs, lastSuccessAt, runCommand, runProgram } from "../first-step.ts";
import { inWorkFolder } from "../work-folder.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";

/** How long a process takes from nothing to its first step. */
export const start: PostgresWorkload = {
  name: "start",
  about: "from the start of a process until its first step is recorded",
  run: async ({ runs }, server) => {
    ensureBuilt();
    const bare: number[] = [];
    const making: number[] = [];
    const program: number[] = [];
    const command: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      await using database = await server.createDatabase();
      const { url } = database;
      bare.push(await bareMs());
      making.push(await firstStepMs(url, () => runProgram(url)));
      program.push(await firstStepMs(url, () => runProgram(url)));
      await inWorkFolder(async (folder) => {
        const asRun = () => runCommand(url, folder, { XDG_CACHE_HOME: folder });
        await asRun();
        command.push(await firstStepMs(url, asRun));
      });
    }
    return [
      figure("first step of a program", program, bare, TARGET),
      figure("first step of `planwright run`", command, bare, TARGET),
      figure("first step of a program that makes the store first", making, bare, null),
    ];
  },
};

const TARGET: Target = { bound: "at most", number: 400 };

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
async function firstStepMs(url: string, run: () => Promise<number>): Promise<number> {
  const startedAt = await run();
  const pure = createPure((text) => hash("sha256", text));
  await using stores = await openPostgresReader({ url, clock: createSystemRuntime(), pure });
  return (await lastSuccessAt(stores.forTenant("default"))) - startedAt;
}
