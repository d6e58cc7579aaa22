import { expect, test } from "vitest";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { House } from "./house.ts";

const STEP: StepDocument = { do: "command", with: { argv: ["make"] }, effect: "repeatable" };
const AHEAD_MS = 3_600_000;

/** Steps of a second each, one after the other. */
function chainOf(length: number): Readonly<Record<string, StepDocument>> {
  const steps = Array.from({ length }, (_, index): [string, StepDocument] => [
    `s${index}`,
    index === 0 ? STEP : { ...STEP, needs: [`s${index - 1}`] },
  ]);
  return Object.fromEntries(steps);
}

/** A house with one slot, in which each step takes a second. */
function slowHouse(): { readonly house: House; readonly begun: string[] } {
  const begun: string[] = [];
  const house = new House({
    concurrency: 1,
    execute: async ({ planId, stepKey }, { runtime }) => {
      begun.push(`${planId} ${stepKey}`);
      await new Promise<void>((resolve) => void runtime.setTimer(1000, resolve));
      return { kind: "succeeded", output: null };
    },
  });
  return { house, begun };
}

test("work that was readied by a clock that was ahead starts at once when that has been set back", async () => {
  const { house, begun } = slowHouse();
  house.runtime.skewMs = AHEAD_MS;
  const planId = await house.begin({ first: { do: "wait", wait: { signal: "go" } }, a: STEP });
  await house.clock.advance(100);
  house.runtime.skewMs = 0;
  await house.clock.advance(2000);
  expect(begun).toEqual([`${planId} a`]);
});

test("a plan does not keep its slot from another that a clock that was ahead put in line", async () => {
  const { house, begun } = slowHouse();
  const chain = await house.begin(chainOf(20));
  house.runtime.skewMs = AHEAD_MS;
  const other = await house.begin({ a: STEP });
  house.runtime.skewMs = 0;
  await house.clock.advance(5000);
  expect(begun).toContain(`${other} a`);
  await house.clock.advance(30_000);
  expect(begun.filter((name) => name.startsWith(chain))).toHaveLength(20);
});

test("a plan whose clock was ahead does not go before others for as long as that", async () => {
  const { house, begun } = slowHouse();
  house.runtime.skewMs = AHEAD_MS;
  const ahead = await house.begin(chainOf(20));
  house.runtime.skewMs = 0;
  const other = await house.begin(chainOf(20));
  await house.clock.advance(30_000);
  const share = begun.filter((name) => name.startsWith(ahead)).length;
  expect(share).toBeGreaterThan(9);
  expect(begun.length - share).toBeGreaterThan(9);
  await house.clock.advance(15_000);
  expect(begun.filter((name) => name.startsWith(other))).toHaveLength(20);
});
