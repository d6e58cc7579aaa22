import process from "node:process";
import { parseArgs } from "node:util";
import { fuzzCore } from "../fuzz/core-fuzz.ts";
import { runBatch } from "../simulation/run-batch.ts";

/** What the two engines found in the sources beside this file; null where one found nothing. */
export interface Found {
  readonly fuzz: string | null;
  readonly seed: number | null;
  readonly violation: string | null;
}

const { values } = parseArgs({ options: { runs: { type: "string" }, seeds: { type: "string" } } });
const runs = Number(values.runs ?? "400");
const seeds = Number(values.seeds ?? "200");

const found: Found = { fuzz: fuzz(), ...(await simulateUntilFailure()) };
process.stdout.write(`${JSON.stringify(found)}\n`);
// A planted bug may leave timers behind.
process.exit(0);

function fuzz(): string | null {
  try {
    fuzzCore({ runs, seed: 1 });
    return null;
  } catch (error) {
    return firstLine(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}

async function simulateUntilFailure(): Promise<Pick<Found, "seed" | "violation">> {
  let seed = 0;
  try {
    const batch = await runBatch({
      from: 1,
      seeds,
      untilFailure: true,
      onSeed: (report) => (seed = report.seed),
    });
    const [failed] = batch.failed;
    return { seed: failed?.seed ?? null, violation: failed?.violations[0] ?? null };
  } catch (error) {
    return { seed: seed + 1, violation: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.slice(0, 200) ?? "";
}
