import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { KeptPlan } from "../src/testing/simulation/check-run.ts";
import { simulate } from "../src/testing/simulation/simulate.ts";
import { recordOf } from "../test/histories/golden-history.ts";
import { EVENT_TYPES } from "../test/simulation/required.ts";

/** Logs of so many seeds are looked through. */
const SEEDS = 120;

const root = fileURLToPath(new URL("..", import.meta.url));
const { version }: { version: string } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
const folder = join(root, "test/histories", `v${version}`);
mkdirSync(folder, { recursive: true });

const candidates = await collect();
const missing = new Set<string>(Object.keys(EVENT_TYPES));
let recorded = 0;
while (missing.size > 0) {
  const { name, plan } = richest(candidates);
  write(name, plan);
  for (const { type } of plan.events) missing.delete(type);
  recorded += 1;
}
process.stdout.write(`${recorded} histories in test/histories/v${version}\n`);

interface Candidate {
  readonly name: string;
  readonly plan: KeptPlan;
}

async function collect(): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { plans, violations } = await simulate(seed);
    if (violations.length > 0) throw new Error(`seed ${seed} breaks a promise: ${violations[0]}`);
    for (const plan of plans) {
      found.push({ name: `seed-${seed}-${plan.planId.slice(0, 12)}`, plan });
    }
  }
  return found;
}

/** The one that shows most of what has not been shown yet. */
function richest(all: readonly Candidate[]): Candidate {
  const [best] = all.toSorted((left, right) => newIn(right.plan) - newIn(left.plan));
  if (best !== undefined && newIn(best.plan) > 0) return best;
  throw new Error(`no history of ${[...missing].join(", ")} was found`);
}

function newIn({ events }: KeptPlan): number {
  return new Set(events.map(({ type }) => type)).intersection(missing).size;
}

/** The log as it is kept, a line for each event; beside it its text and what it adds up to. */
function write(name: string, plan: KeptPlan): void {
  const lines = plan.events.map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(folder, `${name}.jsonl`), lines.join(""));
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(recordOf(plan), null, 2)}\n`);
}
