// Carries out the workloads that are named (all, if none is), and prints each beside its limit.
import process from "node:process";
import { parseArgs } from "node:util";
import { big } from "./big.ts";
import { chain } from "./chain.ts";
import { fan } from "./fan.ts";
import type { Figure } from "./figure.ts";
import { limits } from "./limits.ts";
import { makespan } from "./makespan.ts";
import { many } from "./many.ts";
import { open } from "./open.ts";
import { startBenchServer } from "./postgres/bench-server.ts";
import { POSTGRES_WORKLOADS } from "./postgres/postgres-workloads.ts";
import { recovery } from "./recovery.ts";
import { describeMachine, isMissed, keepResults, printTable } from "./report.ts";
import { start } from "./start.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const SQLITE_WORKLOADS: readonly Workload[] = [
  limits,
  chain,
  fan,
  many,
  makespan,
  big,
  recovery,
  open,
  start,
];

/** What there is to measure on each kind of store. */
const WORKLOADS = { sqlite: SQLITE_WORKLOADS, postgres: POSTGRES_WORKLOADS } as const;

const USAGE = `npm run bench -- [--store postgres] [WORKLOAD…] [--runs N] [--short]

On SQLite:
${listed(SQLITE_WORKLOADS)}

On Postgres, by 1, 2 and 4 processes on a durable server that is started for it:
${listed(POSTGRES_WORKLOADS)}

  --runs N  how often each is measured; the medians are printed (5)
  --short   small sizes and one run, to see that everything works; no target counts`;

const OPTIONS: ReadonlySet<string> = new Set(["runs", "short", "store"]);

const order = readOrder();
if (typeof order === "string") {
  console.error(`${order}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (order.store === "sqlite") {
  const workloads = SQLITE_WORKLOADS.filter(({ name }) => order.names.has(name));
  await measure(workloads, order);
} else {
  await using server = await startBenchServer();
  const workloads = POSTGRES_WORKLOADS.filter(({ name }) => order.names.has(name));
  console.log(server.about);
  await measure(
    workloads.map((one) => ({ ...one, run: (options) => one.run(options, server) })),
    order,
  );
}

interface Order {
  readonly store: keyof typeof WORKLOADS;
  readonly names: ReadonlySet<string>;
  readonly options: BenchOptions;
}

/** What was asked for, or what is wrong with it. */
function readOrder(): Order | string {
  const { values, positionals, tokens } = parseArgs({
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: { runs: { type: "string" }, short: { type: "boolean" }, store: { type: "string" } },
  });
  const strange = tokens.filter((token) => token.kind === "option" && !OPTIONS.has(token.name));
  if (strange.length > 0) return "there are no options but --store, --runs and --short";
  const store = values["store"] ?? "sqlite";
  if (store !== "sqlite" && store !== "postgres") return "--store is sqlite or postgres";
  const there = WORKLOADS[store].map(({ name }) => name);
  const unknown = positionals.filter((name) => !there.includes(name));
  if (unknown.length > 0) return `there is no workload ${unknown.join(", ")} on ${store}`;
  const short = values["short"] === true;
  const runs = Number(values["runs"] ?? (short ? 1 : 5));
  if (!Number.isInteger(runs) || runs < 1) return `--runs is a whole number from 1 on`;
  const names = new Set(positionals.length === 0 ? there : positionals);
  return { store, names, options: { runs, short } };
}

async function measure(
  workloads: readonly Workload[],
  { store, options }: Pick<Order, "store" | "options">,
): Promise<void> {
  console.log(describeMachine());
  const figures: Figure[] = [];
  for (const workload of workloads) {
    console.log(`\n${workload.name}: ${workload.about}`);
    const measured = await workload.run(options);
    const judged = options.short ? measured.map(withoutTarget) : measured;
    printTable(judged);
    figures.push(...judged);
  }
  console.log(`\n${keepResults(figures, { store, ...options })}`);
  if (figures.some(isMissed)) process.exitCode = 1;
}

/** Small sizes say nothing about time. */
function withoutTarget(figure: Figure): Figure {
  return { ...figure, target: null };
}

function listed(workloads: readonly Pick<Workload, "name" | "about">[]): string {
  return workloads.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join("\n");
}
