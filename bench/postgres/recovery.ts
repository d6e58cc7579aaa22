import { setTimeout as pause } from "node:timers/promises";
import {
  createPlanwright,
  type PlanDocument,
  type Planwright,
  type StepDocument,
} from "planwright";
import type { PlanRow } from "../../src/store/projection.ts";
import { ensureBuilt } from "../child.ts";
import type { Figure } from "../figure.ts";
import { addPlan } from "../open-bench.ts";
import type { BenchServer } from "./bench-server.ts";
import { FleetProcess } from "./fleet-process.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";

const STEP_MS = 20;
const LOOK_MS = 100;
/** Nobody is told: a lease that is not renewed runs out. */
const LEASE_MS = 15_000;

/** How long it takes to go on to the end after a kill -9. */
export const recovery: PostgresWorkload = {
  name: "recovery",
  about: "100 plans of 20 steps of 20 ms, killed in the middle, to the last plan done",
  run: async ({ runs, short }, server) => {
    ensureBuilt();
    const size = short ? { plans: 10, steps: 4 } : { plans: 100, steps: 20 };
    const restarted: Recovered[] = [];
    const takenOver: Recovered[] = [];
    for (let run = 0; run < runs; run += 1) {
      restarted.push(await recover(server, size, "restart"));
      if (run < 3) takenOver.push(await recover(server, size, "another"));
    }
    return [
      figure("restart under the same name, from its start", restarted, 1000),
      figure("another process takes over, from the kill", takenOver, LEASE_MS + 2000),
      {
        ...figure("steps begun twice: those under way", restarted, null),
        unit: "steps",
        values: restarted.map(({ runTwice }) => runTwice),
        limit: null,
        judged: "value",
      },
    ];
  },
};

interface Recovered {
  readonly ms: number;
  readonly sleepMs: number;
  readonly runTwice: number;
}

interface Size {
  readonly plans: number;
  readonly steps: number;
}

async function recover(
  server: BenchServer,
  size: Size,
  how: "restart" | "another",
): Promise<Recovered> {
  await using database = await server.createDatabase();
  const { url } = database;
  await using client = await createPlanwright({ store: url, carryOut: false });
  const planIds: string[] = [];
  for (let plan = 0; plan < size.plans; plan += 1) {
    planIds.push(await addPlan(client, sleeping(size.steps)));
  }
  const first = begin(url, "first", size.plans);
  await first.ready;
  const other = how === "another" ? begin(url, "second", size.plans) : null;
  await other?.ready;
  first.process.say(planIds.join(" "));
  await first.until((size.plans * size.steps) / 2);
  const killedAt = Date.now();
  await first.process.kill();
  const sleepMs = Math.max(...(await rowsOf(client, size)).map(stepsLeft)) * STEP_MS;
  const second = other ?? begin(url, "first", size.plans);
  const endedAt = await untilEnded(client, size);
  await second.process.end();
  const ms = endedAt - (how === "another" ? killedAt : second.startedAt);
  return { ms, sleepMs, runTwice: await countTwice(client, size) };
}

/** A process of the installed package, and how many attempts have begun in it. */
function begin(url: string, name: string, concurrency: number) {
  const startedAt = Date.now();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
  let begun = 0;
  let whenBegun: { readonly count: number; readonly resolve: () => void } | null = null;
  const order = { url, name, concurrency, pools: ["default"], hints: true, marks: true };
  const process = new FleetProcess(
    order,
    (line) => {
      if (line === "ready") isReady();
      if (line.startsWith("mark started")) begun += 1;
      if (whenBegun !== null && begun >= whenBegun.count) whenBegun.resolve();
    },
    "installed",
  );
  const until = (count: number): Promise<void> =>
    Promise.race([
      process.failed,
      new Promise<void>((resolve) => {
        whenBegun = { count, resolve };
      }),
    ]);
  return { process, startedAt, ready: Promise.race([process.failed, ready]), until };
}

async function rowsOf(client: Planwright, { plans }: Size): Promise<readonly PlanRow[]> {
  const { data } = await client.orchestrator.list({ limit: plans });
  if (data.length !== plans) throw new Error(`${data.length} plans of ${plans} are there`);
  return data;
}

/** When the last plan ended, as its row says. */
async function untilEnded(client: Planwright, size: Size): Promise<number> {
  for (;;) {
    const rows = await rowsOf(client, size);
    if (rows.every(({ status }) => status === "completed")) {
      return Math.max(...rows.map(({ endedAt }) => endedAt ?? 0));
    }
    await pause(LOOK_MS);
  }
}

async function countTwice(client: Planwright, size: Size): Promise<number> {
  let count = 0;
  const { store } = client.orchestrator;
  for (const { id } of await rowsOf(client, size)) {
    for (const step of await store.steps(id)) if (step.attempt > 1) count += 1;
  }
  return count;
}

function stepsLeft({ stepCount, counts }: PlanRow): number {
  return stepCount - counts.succeeded;
}

function sleeping(steps: number): PlanDocument {
  const entries = Array.from({ length: steps }, (_, index): [string, StepDocument] => [
    `step-${index}`,
    {
      do: "tool",
      owner: "std.sleep",
      with: { ms: STEP_MS },
      needs: index === 0 ? [] : [`step-${index - 1}`],
    },
  ]);
  return { plan: "recovered", policy: { approval: "none" }, steps: Object.fromEntries(entries) };
}

function figure(what: string, recovered: readonly Recovered[], most: number | null): Figure {
  return {
    workload: "recovery",
    what,
    unit: "ms",
    values: recovered.map(({ ms }) => ms),
    limit: { what: "sleep that remains, ms", values: recovered.map(({ sleepMs }) => sleepMs) },
    judged: "difference",
    target: most === null ? null : { bound: "at most", number: most },
  };
}
