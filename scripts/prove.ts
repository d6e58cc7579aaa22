// Puts the Postgres store to its proofs, each on a database of its own, one after the other.
import { randomInt } from "node:crypto";
import process from "node:process";
import { parseArgs } from "node:util";
import type { TestDatabase } from "../test/postgres/create-database-on.ts";
import { startServer } from "../test/postgres/start-server.ts";
import type { Proof, ProofResult } from "../test/proofs/proof.ts";
import { PROOFS } from "../test/proofs/proofs.ts";

const USAGE = `npm run prove -- [PROOF…] [--short] [--amount N] [--seed N] [--durable]

${PROOFS.map(({ name, about, full, unit }) => `  ${name.padEnd(13)}${about} (${full} ${unit})`).join("\n")}

  --short     seconds instead of minutes
  --amount N  of what each proof counts
  --seed N    draws the same again
  --durable   on a server that keeps what it acknowledges`;

const TELL_EVERY_MS = 10_000;
const SEEDS = 2 ** 31;

const { values, positionals } = readWords();
const chosen = PROOFS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const strange = positionals.find((name) => !PROOFS.some((proof) => proof.name === name));
if (strange !== undefined) fail(`there is no proof ${JSON.stringify(strange)}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const { short, durable } = values;
const seed = wholeNumber("seed", values.seed) ?? randomInt(SEEDS);
const amount = wholeNumber("amount", values.amount);
console.error(`seed ${seed}${short ? ", short" : ""}${durable ? ", durable" : ""}`);

await using server = await startServer({ durable });
const report: Record<string, unknown> = {};
let failed = 0;
for (const proof of chosen) {
  const began = performance.now();
  const { figures, faults } = await carryOut(proof);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  failed += Number(faults.length > 0);
  report[proof.name] = { seconds, ...figures, faults };
  console.error(`${proof.name}: ${faults.length === 0 ? "ok" : "FAILED"}, ${seconds} s`);
  for (const fault of faults) console.error(`  ${fault}`);
}
console.log(
  JSON.stringify({ seed, short, durable, node: process.version, proofs: report }, null, 2),
);
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function createDatabase(): Promise<TestDatabase> {
  return server.createDatabase();
}

async function carryOut(proof: Proof): Promise<ProofResult> {
  const { name, unit } = proof;
  const size = amount ?? (short ? proof.short : proof.full);
  let told = performance.now();
  const tell = (done: number): void => {
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    console.error(`${name}: ${done} of ${size} ${unit}`);
  };
  try {
    return await proof.run({ seed, amount: size, createDatabase, tell });
  } catch (error) {
    return { figures: {}, faults: [error instanceof Error ? String(error.stack) : String(error)] };
  }
}

function readWords() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        short: { type: "boolean", default: false },
        durable: { type: "boolean", default: false },
        amount: { type: "string" },
        seed: { type: "string" },
      },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  return fail(`--${name} takes a whole number from 1 up, not ${JSON.stringify(text)}`);
}

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}
