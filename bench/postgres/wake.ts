import { Client } from "pg";
import type { PlanDocument, StepDocument } from "planwright";
import { median, type Figure } from "../figure.ts";
import type { BenchServer } from "./bench-server.ts";
import { withFleet, type FleetOptions } from "./fleet.ts";
import type { Mark } from "./fleet-order.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";

/** Further apart than hints are gathered: each is the first of its kind for a while. */
const APART_MS = 70;

/** From the commit that readies a step in one process to its lease in another. */
export const wake: PostgresWorkload = {
  name: "wake",
  about: "a chain whose steps are carried out here and there in turn: from readied to leased",
  run: async ({ runs, short }, server) => {
    const told = await measure(server, { steps: short ? 6 : 100, apartMs: APART_MS, runs });
    const close = await measure(server, { steps: short ? 6 : 100, apartMs: 0, runs });
    const silent = await measure(server, {
      steps: short ? 4 : 16,
      apartMs: APART_MS,
      runs: Math.min(runs, 3),
      hints: false,
    });
    const bare = { what: "a bare NOTIFY, ms", values: told.map(({ bareMs }) => bareMs) };
    return [
      figure("p50 of a wake", told, middle, bare, { bound: "at most", number: 10 }),
      figure("p99 of a wake", told, slowest, bare),
      figure("p50 where they follow at once, and hints are gathered", close, middle),
      figure("p50 without LISTEN: by looking once a second", silent, middle),
    ];
  },
};

interface Asked {
  readonly steps: number;
  readonly apartMs: number;
  readonly runs: number;
  readonly hints?: boolean;
}

interface Woken {
  /** Of each wake. */
  readonly ms: readonly number[];
  readonly bareMs: number;
}

async function measure(server: BenchServer, asked: Asked): Promise<readonly Woken[]> {
  const options: FleetOptions = {
    processes: 2,
    pools: [["here"], ["there"]],
    marks: true,
    hints: asked.hints ?? true,
  };
  return withFleet(server, options, async (fleet) => {
    const woken: Woken[] = [];
    // The first does not count: connections, and code that is not warm.
    for (let run = -1; run < asked.runs; run += 1) {
      fleet.marks.length = 0;
      await fleet.time([await fleet.add(alternating(asked))]);
      const ms = wakesOf(fleet.marks);
      if (ms.length !== asked.steps) throw new Error(`${ms.length} wakes of ${asked.steps}`);
      if (run >= 0) woken.push({ ms, bareMs: await bareNotifyMs(fleet.url) });
    }
    return woken;
  });
}

/** A chain through both pools; each step takes so long that the hint before it is history. */
function alternating({ steps, apartMs }: Asked): PlanDocument {
  const entries = Array.from({ length: steps + 1 }, (_, index): [string, StepDocument] => [
    `step-${index}`,
    {
      do: "tool",
      owner: "std.sleep",
      with: { ms: apartMs },
      pool: index % 2 === 0 ? "here" : "there",
      needs: index === 0 ? [] : [`step-${index - 1}`],
    },
  ]);
  const policy = { approval: "none" } as const;
  return { plan: "here and there", policy, steps: Object.fromEntries(entries) };
}

/** Of every step but the first, which is readied by the start of its plan. */
function wakesOf(marks: readonly Mark[]): readonly number[] {
  const readied = new Map<string, number>();
  for (const { what, stepKey, ms } of marks) if (what === "readied") readied.set(stepKey, ms);
  const waits: number[] = [];
  for (const { what, stepKey, ms } of marks) {
    const since = readied.get(stepKey);
    if (what === "started" && stepKey !== "step-0" && since !== undefined) waits.push(ms - since);
  }
  return waits;
}

/** From saying it on one connection to hearing it on another. */
async function bareNotifyMs(url: string): Promise<number> {
  const [speaker, listener] = [url, url].map(
    (connectionString) => new Client({ connectionString }),
  );
  if (speaker === undefined || listener === undefined) throw new Error("two connections");
  await Promise.all([speaker.connect(), listener.connect()]);
  await listener.query("listen bench");
  await speaker.query("set synchronous_commit = off");
  const times: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    listener.once("notification", () => resolve());
    const began = performance.now();
    await Promise.all([speaker.query("notify bench"), promise]);
    times.push(performance.now() - began);
  }
  await Promise.all([speaker.end(), listener.end()]);
  return median(times);
}

function middle({ ms }: Woken): number {
  return median(ms);
}

function slowest({ ms }: Woken): number {
  return ms.toSorted((left, right) => left - right)[Math.ceil(ms.length * 0.99) - 1] ?? Number.NaN;
}

function figure(
  what: string,
  woken: readonly Woken[],
  of: (woken: Woken) => number,
  limit: Figure["limit"] = null,
  target: Figure["target"] = null,
): Figure {
  const values = woken.map(of);
  return { workload: "wake", what, unit: "ms", values, limit, judged: "value", target };
}
