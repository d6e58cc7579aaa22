import { join } from "node:path";
import { Child, ensureBuilt, msSince } from "./child.ts";
import type { Figure } from "./figure.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Weight } from "./weight.ts";
import type { Workload } from "./workload.ts";

const CHILD = join(import.meta.dirname, "open-child.ts");

interface Opened {
  /** From the start of the process until the store is open and the engine at work. */
  readonly openMs: number;
  /** Once it is open, and at the end. */
  readonly before: Weight;
  readonly after: Weight;
}

/** What plans cost that only wait. */
export const open: Workload = {
  name: "open",
  about: "10,000 plans of 10 steps waiting for an approval: memory, start-up",
  run: async ({ runs, short }) => {
    ensureBuilt();
    const plans = short ? 100 : 10_000;
    const results = { taking: [] as Opened[], empty: [] as Opened[], full: [] as Opened[] };
    for (let run = 0; run < Math.min(runs, 3); run += 1) {
      await inWorkFolder(async (folder) => {
        const store = join(folder, "planwright.db");
        results.empty.push(await openStore(join(folder, "empty.db"), 0));
        results.taking.push(await openStore(store, plans));
        results.full.push(await openStore(store, 0));
      });
    }
    return figures(results);
  },
};

async function openStore(store: string, plans: number): Promise<Opened> {
  const child = new Child(["--expose-gc", CHILD, store, String(plans)]);
  await child.line();
  const openMs = msSince(child);
  const said: { before: Weight; after: Weight } = JSON.parse(await child.line());
  await child.end();
  return { openMs, ...said };
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
      values: full.map(({ after }) => after.resident),
      limit: { what: "with an empty store, MB", values: empty.map(({ after }) => after.resident) },
      judged: "difference",
      target: { bound: "at most", number: 60 },
    },
    {
      ...OPEN,
      what: "live memory of the process that took them in",
      unit: "MB",
      values: taking.map(({ after }) => after.live),
      limit: { what: "before them, MB", values: taking.map(({ before }) => before.live) },
      judged: "difference",
      target: { bound: "at most", number: 60 },
    },
    {
      ...OPEN,
      what: "its resident memory, with what V8 has grown to",
      unit: "MB",
      values: taking.map(({ after }) => after.resident),
      limit: { what: "before them, MB", values: taking.map(({ before }) => before.resident) },
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
