import { hash } from "node:crypto";
import { join } from "node:path";
import type { PlanRow } from "../src/store/projection.ts";
import { createSystemRuntime } from "../src/engine/system-runtime.ts";
import { createPure } from "../src/format/create-pure.ts";
import { openSqliteReader } from "../src/store/sqlite/open-sqlite-reader.ts";
import type { StoreReader } from "../src/store/store.ts";
import { Child, ensureBuilt, msSince } from "./child.ts";
import type { Figure } from "./figure.ts";
import { STEP_MS, type RecoveryOrder } from "./recovery-order.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

const CHILD = join(import.meta.dirname, "recovery-child.ts");

interface Recovered {
  readonly ms: number;
  readonly sleepMs: number;
  readonly runTwice: number;
}

/** How long it takes to stand where it stood after a kill -9, and to go on to the end. */
export const recovery: Workload = {
  name: "recovery",
  about: "100 plans of 20 steps of 20 ms, killed in the middle: from restart to the last plan done",
  run: async ({ runs, short }) => {
    ensureBuilt();
    const size = short ? { plans: 10, steps: 4 } : { plans: 100, steps: 20 };
    const recovered: Recovered[] = [];
    for (let run = 0; run < runs; run += 1) recovered.push(await recover(size));
    return [restart(recovered), again(recovered)];
  },
};

function restart(recovered: readonly Recovered[]): Figure {
  return {
    workload: "recovery",
    what: "from restart to the last plan done",
    unit: "ms",
    values: recovered.map(({ ms }) => ms),
    limit: { what: "sleep that remains, ms", values: recovered.map(({ sleepMs }) => sleepMs) },
    judged: "difference",
    target: { bound: "at most", number: 600 },
  };
}

function again(recovered: readonly Recovered[]): Figure {
  return {
    workload: "recovery",
    what: "steps begun twice: those under way",
    unit: "steps",
    values: recovered.map(({ runTwice }) => runTwice),
    limit: null,
    judged: "value",
    target: null,
  };
}

function recover(size: { readonly plans: number; readonly steps: number }): Promise<Recovered> {
  return inWorkFolder(async (folder) => {
    const order = { store: join(folder, "planwright.db"), ...size };
    const first = start({ mode: "begin", ...order });
    await first.line();
    await first.kill();
    const sleepMs = await reading(order.store, async (reader) => {
      const left = (await plansOf(reader, size.plans)).map((plan) => stepsLeft(plan));
      return Math.max(...left) * STEP_MS;
    });
    const second = start({ mode: "resume", ...order });
    await second.line();
    const ms = msSince(second);
    await second.end();
    const runTwice = await reading(order.store, (reader) => countTwice(reader, size.plans));
    return { ms, sleepMs, runTwice };
  });
}

function start(order: RecoveryOrder): Child {
  return new Child([CHILD, JSON.stringify(order)]);
}

async function reading<T>(path: string, read: (reader: StoreReader) => Promise<T>): Promise<T> {
  const pure = createPure((text) => hash("sha256", text));
  await using stores = await openSqliteReader({ path, clock: createSystemRuntime(), pure });
  return await read(stores.forTenant("default"));
}

async function plansOf(reader: StoreReader, count: number): Promise<readonly PlanRow[]> {
  const { data } = await reader.plans({ limit: count });
  if (data.length !== count) throw new Error(`${data.length} plans of ${count} are there`);
  return data;
}

function stepsLeft({ stepCount, counts }: PlanRow): number {
  return stepCount - counts.succeeded;
}

async function countTwice(reader: StoreReader, plans: number): Promise<number> {
  let count = 0;
  for (const { id } of await plansOf(reader, plans)) {
    for (const step of await reader.steps(id)) if (step.attempt > 1) count += 1;
  }
  return count;
}
