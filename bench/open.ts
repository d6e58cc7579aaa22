import { join } from "node:path";
import { Child, ensureBuilt, msSince } from "./child.ts";
import type { Figure, Target } from "./figure.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Weights } from "./weight.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const CHILD = join(import.meta.dirname, "open-child.ts");

interface Opened extends Weights {
  /** From the start of the process until the store is open and the engine at work. */
  readonly openMs: number;
}

/** What plans cost that only wait. */
export const open: Workload = {
  name: "open",
  about: "10,000 plans of 10 steps waiting for an approval: memory, start-up",
  run: (options) =>
    measureOpen(options, (measure) =>
      inWorkFolder((folder) =>
        measure({ empty: join(folder, "empty.db"), store: join(folder, "planwright.db") }),
      ),
    ),
};

/** Two stores, as programs name them, that nothing is in yet. */
export interface EmptyStores {
  readonly empty: string;
  readonly store: string;
}

/** The figures of processes that take plans in and that find them there, on any kind of store. */
export async function measureOpen(
  { runs, short }: BenchOptions,
  withStores: (measure: (stores: EmptyStores) => Promise<void>) => Promise<void>,
): Promise<readonly Figure[]> {
  ensureBuilt();
  const plans = short ? 100 : 10_000;
  const results = { taking: [] as Opened[], empty: [] as Opened[], full: [] as Opened[] };
  for (let run = 0; run < Math.min(runs, 3); run += 1) {
    await withStores(async ({ empty, store }) => {
      results.empty.push(await openStore(empty, 0));
      results.taking.push(await openStore(store, plans));
      results.full.push(await openStore(store, 0));
    });
  }
  return figures(results);
}

async function openStore(store: string, plans: number): Promise<Opened> {
  const child = new Child(["--expose-gc", CHILD, store, String(plans)]);
  await child.line();
  const openMs = msSince(child);
  const weights: Weights = JSON.parse(await child.line());
  await child.end();
  return { openMs, ...weights };
}

function figures(results: {
  readonly taking: readonly Opened[];
  readonly empty: readonly Opened[];
  readonly full: readonly Opened[];
}): readonly Figure[] {
  const { taking, empty, full } = results;
  return [
    {
      ...OPEN,
      what: "resident memory with them, after a restart",
      unit: "MB",
      values: full.map((one) => one.full.resident),
      limit: { what: "with an empty store, MB", values: empty.map((one) => one.full.resident) },
      judged: "difference",
      target: AT_MOST_60,
    },
    {
      ...OPEN,
      what: "resident memory where they came in",
      unit: "MB",
      values: taking.map((one) => one.full.resident),
      limit: { what: "after as many that ended, MB", values: taking.map(grownTo) },
      judged: "difference",
      target: AT_MOST_60,
    },
    {
      ...OPEN,
      what: "live memory where they came in",
      unit: "MB",
      values: taking.map((one) => one.full.live),
      limit: { what: "before any, MB", values: taking.map((one) => one.opened.live) },
      judged: "difference",
      target: AT_MOST_60,
    },
    {
      ...OPEN,
      what: "what V8 grows to by the work itself",
      unit: "MB",
      values: taking.map(grownTo),
      limit: { what: "before any, MB", values: taking.map((one) => one.opened.resident) },
      judged: "difference",
      target: null,
    },
    {
      ...OPEN,
      what: "start-up with them",
      unit: "ms",
      values: full.map(({ openMs }) => openMs),
      limit: { what: "with an empty store, ms", values: empty.map(({ openMs }) => openMs) },
      judged: "value",
      target: { bound: "at most", number: 1000 },
    },
  ];
}

const OPEN = { workload: "open" } as const;
const AT_MOST_60: Target = { bound: "at most", number: 60 };

function grownTo({ grown }: Opened): number {
  return grown.resident;
}
