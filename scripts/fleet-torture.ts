// Four workers on a durable Postgres server under load, to which everything is done that may happen to a
// fleet; and then a look from outside at what became of what was acknowledged.
import { randomInt } from "node:crypto";
import process from "node:process";
import { parseArgs } from "node:util";
import { tortureFleet } from "../test/fleet/fleet.ts";
import { FULL, SHORT } from "../test/fleet/programme.ts";
import { fleetTable } from "../test/fleet/table.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    part: { type: "string", multiple: true },
    seed: { type: "string" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const { short } = values;
const seed = wholeNumber("seed", values.seed) ?? randomInt(2 ** 31);
const all = short ? SHORT : FULL;
const parts = values.part === undefined ? all : values.part.map(partOf);
console.error(`seed ${seed}${short ? ", short" : ""}: ${parts.map(({ name }) => name).join(", ")}`);
const run = await tortureFleet({
  seed,
  parts,
  plansMax: short ? 12 : 24,
  restMs: short ? 40_000 : 180_000,
  onWord: (word) => console.error(word),
});
console.log(fleetTable(run));
console.log(JSON.stringify({ ...run, short, node: process.version }));
console.log(`fleet: ${run.faults.length} faults found in ${run.seconds} s, seed ${seed}`);
process.exitCode = run.faults.length === 0 ? 0 : 1;

function partOf(name: string): (typeof all)[number] {
  const found = all.find((part) => part.name === name);
  if (found !== undefined) return found;
  const names = all.map((part) => JSON.stringify(part.name)).join(", ");
  console.error(`--part takes one of ${names}, not ${JSON.stringify(name)}`);
  return process.exit(2);
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return process.exit(2);
}
