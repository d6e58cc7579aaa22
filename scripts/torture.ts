// Kills, stops and starves real processes, and looks from outside at what becomes of their plans.
import { randomInt } from "node:crypto";
import process from "node:process";
import { parseArgs } from "node:util";
import { carryOutProgramme, type Run } from "../test/torture/programme.ts";
import { summarise } from "../test/torture/summary.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    runs: { type: "string" },
    seed: { type: "string" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const { short } = values;
const seed = wholeNumber("seed", values.seed) ?? randomInt(2 ** 31);
const times = wholeNumber("runs", values.runs);
console.error(`seed ${seed}${short ? ", short" : ""}`);
const began = performance.now();
const runs = await carryOutProgramme({
  seed,
  short,
  onRun: tell,
  ...(times === null ? {} : { runs: times }),
});
const scenarios = summarise(runs);
const seconds = Math.round((performance.now() - began) / 1000);
console.log(JSON.stringify({ seed, short, seconds, scenarios }, null, 2));

const all = Object.values(scenarios);
const failed = all.reduce((sum, scenario) => sum + scenario.failed, 0);
const skipped = all.filter(({ notRun }) => notRun !== null).reduce((sum, one) => sum + one.runs, 0);
const passed = runs.filter(({ result }) => result.faults.length === 0).length - skipped;
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;

function tell({ scenario, number, result, ms }: Run, done: number, of: number): void {
  const { notRun, faults } = result;
  const word = notRun !== undefined ? `not run: ${notRun}` : faults.length === 0 ? "ok" : "FAILED";
  console.error(`${done}/${of} ${scenario.name} #${number}: ${word}, ${(ms / 1000).toFixed(1)} s`);
  for (const fault of faults) console.error(`  ${fault}`);
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  return process.exit(2);
}
