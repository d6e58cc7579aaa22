import process from "node:process";
import { parseArgs } from "node:util";
import { shrink } from "../src/testing/simulation/shrink.ts";
import { REQUIRED } from "../test/simulation/required.ts";
import { runBatch, tellFailure } from "../test/simulation/run-batch.ts";

const SHORT_SEEDS = 1000;
const LONG_SEEDS = 20_000;
const TELL_EVERY = 100;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
  },
});
const seeds = countOf("seeds", values.seeds ?? String(values.short ? SHORT_SEEDS : LONG_SEEDS));
const from = countOf("from", values.from);

const beganAt = performance.now();
let done = 0;
const batch = await runBatch({
  from,
  seeds,
  onSeed: (report) => {
    done += 1;
    if (report.violations.length > 0) process.stderr.write(`${tellFailure(report)}\n`);
    if (done % TELL_EVERY === 0) process.stderr.write(`${done} of ${seeds} seeds\n`);
  },
});
const [first] = batch.failed;
if (first !== undefined) {
  const { options, report } = await shrink(first);
  process.stderr.write(`the first of them fails with less: ${JSON.stringify(options)}\n`);
  process.stderr.write(`${tellFailure(report)}\n`);
}
const unseen = REQUIRED.filter((what) => batch.sightings.count(what) === 0);
const failures = batch.failed.length + batch.unrepeatable.length;
process.stdout.write(
  `${JSON.stringify({
    from,
    seeds: batch.seeds,
    failed: batch.failed.map(({ seed }) => seed),
    unrepeatable: batch.unrepeatable,
    plans: batch.plans,
    events: batch.events,
    simulatedHours: Math.round(batch.simulatedMs / 36_000) / 100,
    seconds: Math.round((performance.now() - beganAt) / 1000),
    unseen,
    node: process.version,
  })}\n${batch.seeds - failures} passed, ${failures} failed\n`,
);
process.exitCode = failures === 0 ? 0 : 1;

function countOf(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} is a whole number from 1 up, not ${JSON.stringify(text)}\n`);
  process.exit(2);
}
