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
import { recovery } from "./recovery.ts";
import { describeMachine, isMissed, keepResults, printTable } from "./report.ts";
import { start } from "./start.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const WORKLOADS: readonly Workload[] = [
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

const USAGE = `npm run bench -- [WORKLOAD…] [--runs N] [--short]

${WORKLOADS.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join("\n")}

  --runs N  how often each is measured; the medians are printed (5)
  --short   small sizes and one run, to see that everything works; no target counts`;

const OPTIONS: ReadonlySet<string> = new Set(["runs", "short"]);

const order = readOrder();
if (typeof order === "string") {
  console.error(`${order}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await measure(order.workloads, order.options);
}

interface Order {
  readonly workloads: readonly Workload[];
  readonly options: BenchOptions;
}

/** What was asked for, or what is wrong with it. */
function readOrder(): Order | string {
  const { values, positionals, tokens } = parseArgs({
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: { runs: { type: "string" }, short: { type: "boolean" } },
  });
  const strange = tokens.filter((token) => token.kind === "option" && !OPTIONS.has(token.name));
  if (strange.length > 0) return "there are no options but --runs and --short";
  const unknown = positionals.filter((name) => !WORKLOADS.some((one) => one.name === name));
  if (unknown.length > 0) return `there is no workload ${unknown.join(", ")}`;
  const short = values["short"] === true;
  const runs = Number(values["runs"] ?? (short ? 1 : 5));
  if (!Number.isInteger(runs) || runs < 1) return `--runs is a whole number from 1 on`;
  const named = WORKLOADS.filter(({ name }) => positionals.includes(name));
  return {
    workloads: named.length === 0 ? WORKLOADS : named,
    options: { runs, short },
  };
}

async function measure(workloads: readonly Workload[], options: BenchOptions): Promise<void> {
  console.log(describeMachine());
  const figures: Figure[] = [];
  for (const workload of workloads) {
    console.log(`\n${workload.name}: ${workload.about}`);
    const measured = await workload.run(options);
    const judged = options.short ? measured.map(withoutTarget) : measured;
    printTable(judged);
    figures.push(...judged);
  }
  console.log(`\n${keepResults(figures, options)}`);
  if (figures.some(isMissed)) process.exitCode = 1;
}

/** Small sizes say nothing about time. */
function withoutTarget(figure: Figure): Figure {
  return { ...figure, target: null };
}
