// Four workers on a durable Postgres server under load, to which everything is done that may happen to a
// fleet; families of plans that are killed at every commit; limits under kills. And a look from outside
// at what became of it all.
import { randomInt } from "node:crypto";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { tortureFamilies } from "../test/fleet/families.ts";
import { tortureFleet } from "../test/fleet/fleet.ts";
import { FULL, SHORT } from "../test/fleet/programme.ts";
import { fleetTable, verdictTable } from "../test/fleet/table.ts";
import { tortureLimits } from "../test/fleet/shared-limits.ts";
import { findNativeFolder } from "../test/postgres/native-folder.ts";

const FAMILIES = "families";
const LIMITS = "limits";

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
const programme = short ? SHORT : FULL;
const names = [...programme.parts.map(({ name }) => name), FAMILIES, LIMITS];
const wanted = values.part ?? names;
for (const name of wanted) if (!names.includes(name)) refusePart(name);
const parts = programme.parts.filter(({ name }) => wanted.includes(name));
console.error(`seed ${seed}${short ? ", short" : ""}: ${wanted.join(", ")}`);

const onWord = (word: string): void => console.error(word);
const began = performance.now();
const fleet =
  parts.length === 0
    ? null
    : await tortureFleet({ seed, programme: { ...programme, parts }, onWord });
const families = wanted.includes(FAMILIES) ? await tortureFamilies(familiesOptions()) : null;
const limits = wanted.includes(LIMITS) ? await tortureLimits(limitsOptions()) : null;
const seconds = Math.round((performance.now() - began) / 1000);
if (fleet !== null) console.log(fleetTable(fleet));
if (families !== null) console.log(verdictTable("families, three sub-plans deep", families));
if (limits !== null) console.log(verdictTable("limits that plans share", limits));
console.log(
  JSON.stringify({ seed, short, seconds, versions: versions(), fleet, families, limits }),
);
const found = [fleet, families, limits].reduce((sum, run) => sum + (run?.faults.length ?? 0), 0);
console.log(`fleet torture: ${found} faults found in ${seconds} s, seed ${seed}`);
process.exitCode = found === 0 ? 0 : 1;

function familiesOptions(): Parameters<typeof tortureFamilies>[0] {
  const often = short
    ? ({ moments: ["answered"], every: 12, cancelled: 1 } as const)
    : ({ moments: ["before", "sent", "answered"], every: 1, cancelled: 25 } as const);
  return { ...often, seed, onWord, judgesTimes: programme.judgesTimes };
}

function limitsOptions(): Parameters<typeof tortureLimits>[0] {
  const size = short ? { plans: 9, stepsPerPlan: 24 } : { plans: 50, stepsPerPlan: 60 };
  return { ...size, seed, onWord, judgesTimes: programme.judgesTimes };
}

function versions(): Readonly<Record<string, string>> {
  const postgres = join(findNativeFolder(), "bin", "postgres");
  return {
    node: process.version,
    postgres: execFileSync(postgres, ["--version"], { encoding: "utf8" }).trim(),
  };
}

function refusePart(name: string): never {
  const all = names.map((one) => JSON.stringify(one)).join(", ");
  console.error(`--part takes one of ${all}, not ${JSON.stringify(name)}`);
  return process.exit(2);
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return process.exit(2);
}
