import { expect, type TestContext } from "vitest";
import { Chance } from "../../src/testing/chance.ts";
import type { Scenario } from "../torture/scenario/scenario.ts";

/** Runs a scenario once. What cannot be tried here is told as skipped, never as passed. */
export async function expectFine(
  scenario: Scenario,
  seed: number,
  context: TestContext,
): Promise<void> {
  const { faults, notRun } = await scenario.run(new Chance(seed, scenario.name));
  if (notRun !== undefined) context.skip(notRun);
  expect(faults).toEqual([]);
}
