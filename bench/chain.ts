import { hash } from "node:crypto";
import { join } from "node:path";
import { createPlanwright } from "planwright";
import { createSystemRuntime } from "../src/engine/system-runtime.ts";
import { createPure } from "../src/format/create-pure.ts";
import { openDriver } from "../src/store/sqlite/driver.ts";
import { extendWal } from "../src/store/sqlite/file/extend-wal.ts";
import { migrate } from "../src/store/sqlite/migrate.ts";
import { openWriter } from "../src/store/sqlite/open-connection.ts";
import { openSqlite } from "../src/store/sqlite/open-sqlite.ts";
import { chainDocument } from "./documents.ts";
import type { Figure } from "./figure.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import { createRecording, replay, type RecordedTransaction } from "./recorded-driver.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

/** Steps in a row: each is recorded durably before the next one begins. */
export const chain: Workload = {
  name: "chain",
  about: "one plan of 200 steps in a row",
  run: async ({ runs, short }) => {
    const steps = short ? 20 : 200;
    const recorded = await record(steps);
    const values: number[] = [];
    const fresh: number[] = [];
    const extended: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const before = await bareLoop(recorded, "fresh");
      values.push(perSecond(steps, await timeChain(steps)));
      const after = await bareLoop(recorded, "fresh");
      fresh.push(perSecond(steps, (before + after) / 2));
      extended.push(perSecond(steps, await bareLoop(recorded, "extended")));
    }
    return [
      figure(values, "bare loop, fresh file", fresh, 0.6),
      figure(values, "bare loop, its log made long beforehand", extended, null),
    ];
  },
};

function figure(
  values: readonly number[],
  what: string,
  limit: readonly number[],
  atLeast: number | null,
): Figure {
  return {
    workload: "chain",
    what: "chain of steps",
    unit: "steps/s",
    values,
    limit: { what, values: limit },
    judged: "ratio",
    target: atLeast === null ? null : { bound: "at least", number: atLeast },
  };
}

function timeChain(steps: number): Promise<number> {
  return withPlanwright(async (planwright) => {
    const planId = await addPlan(planwright, chainDocument(steps));
    return await timePlans(planwright, [planId]);
  });
}

interface Recorded {
  readonly before: readonly RecordedTransaction[];
  readonly timed: readonly RecordedTransaction[];
}

/** What the store writes when it carries out the chain, to the last byte. */
function record(steps: number): Promise<Recorded> {
  return inWorkFolder(async (folder) => {
    const recording = createRecording();
    await using stores = await openSqlite({
      path: join(folder, "planwright.db"),
      clock: createSystemRuntime(),
      pure: createPure((text) => hash("sha256", text)),
      openDriver: recording.open,
    });
    const migrated = recording.transactions.length;
    await using planwright = await createPlanwright({ store: stores, folder });
    const planId = await addPlan(planwright, chainDocument(steps));
    const submitted = recording.transactions.length;
    await timePlans(planwright, [planId]);
    const { transactions } = recording;
    return {
      before: transactions.slice(migrated, submitted),
      timed: transactions.slice(submitted),
    };
  });
}

/** Milliseconds for the same rows, one transaction after the other, with nothing in between. */
function bareLoop({ before, timed }: Recorded, file: "fresh" | "extended"): Promise<number> {
  return inWorkFolder(async (folder) => {
    const driver = openWriter(openDriver, join(folder, "bare.db"));
    try {
      migrate(driver);
      if (file === "extended") extendWal(driver);
      replay(driver, before);
      const began = performance.now();
      replay(driver, timed);
      return performance.now() - began;
    } finally {
      driver.close();
    }
  });
}

function perSecond(steps: number, ms: number): number {
  return (steps / ms) * 1000;
}
