import { expect, test } from "vitest";
import { shrink } from "./shrink.ts";
import { simulate, type SimulateOptions, type SimulationReport } from "./simulate.ts";

const SWARM = { plans: 3, processes: 2, crashMs: 20_000, operatorMs: 4000 };

/** A simulation that fails as long as processes crash and the second plan is there. */
async function failing(seed: number, options: SimulateOptions = {}): Promise<SimulationReport> {
  const swarm = { ...SWARM, ...options.swarm };
  const report = await simulate(seed, { ...options, swarm });
  const isThere = report.plans.some(({ planId }) => planId === "pln_2");
  const fails = isThere && report.swarm.crashMs !== null;
  return { ...report, violations: fails ? ["pln_2: I26 #3 it does not end"] : [] };
}

test("what a failing seed fails without is taken away, and nothing else", async () => {
  const { options, report } = await shrink(await failing(7), failing);
  expect(report.violations).toHaveLength(1);
  expect(options.withoutPlans).toContain(1);
  expect(options.withoutPlans).not.toContain(2);
  expect(options.swarm).toMatchObject({ processes: 1, operatorMs: null });
  expect(options.swarm).not.toHaveProperty("crashMs");
});
