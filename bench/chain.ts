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
import type { Figure, Target } from "./figure.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import { createRecording, replay, type RecordedTransaction } from "./recorded-driver.ts";
import { repeat } from "./repeat.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

/** Steps in a row: each is recorded durably before the next one begins. */
export const chain: Workload = {
  name: "chain",
  about: "one plan of 200 steps in a row",
  run: async (options) => {
    const steps = options.short ? 20 : 200;
    const recorded = await record(steps);
    const first = await measureOnce(recorded, steps);
    const measured = await repeat(options, () => measureOnce(recorded, steps));
    return [
      figure("chain of steps", measured, FRESH, { bound: "at least", number: 0.6 }),
      figure("chain of steps", measured, EXTENDED, null),
      figure("the same before the code is warm", [first], FRESH, null),
    ];
  },
};

interface Measured {
  /** Steps a second, by the engine and by bare loops. */
  readonly engine: number;
  readonly fresh: number;
  readonly extended: number;
}

const FRESH = { of: (one: Measured) => one.fresh, what: "bare loop, fresh file" };
const EXTENDED = {
  of: (one: Measured) => one.extended,
  what: "bare loop, its log made long beforehand",
};

function figure(
  what: string,
  measured: readonly Measured[],
  beside: typeof FRESH,
  target: Target | null,
): Figure {
  return {
    workload: "chain",
    what,
    unit: "steps/s",
    values: measured.map((one) => one.engine),
    limit: { what: beside.what, values: measured.map((one) => beside.of(one)) },
    judged: "ratio",
    target,
  };
}

/** The engine between two bare loops. */
async function measureOnce(recorded: Recorded, steps: number): Promise<Measured> {
  const before = await bareLoop(recorded, "fresh");
  const engine = await timeChain(steps);
  const after = await bareLoop(recorded, "fresh");
  const extended = await bareLoop(recorded, "extended");
  return {
    engine: perSecond(steps, engine),
    fresh: perSecond(steps, (before + after) / 2),
    extended: perSecond(steps, extended),
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
