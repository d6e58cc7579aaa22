import type { BenchOptions } from "./workload.ts";

/** What a process compiles in its first seconds it need not compile again. */
const WARM_UPS = 2;

/**
 * Measures something as often as was asked for. The first times do not count: they are about the
 * compiler, and a process that carries out plans is up for longer.
 */
export async function repeat<T>(
  { runs, short }: BenchOptions,
  measure: () => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const warmUps = short ? 0 : WARM_UPS;
  for (let run = -warmUps; run < runs; run += 1) {
    const result = await measure();
    if (run >= 0) results.push(result);
  }
  return results;
}
