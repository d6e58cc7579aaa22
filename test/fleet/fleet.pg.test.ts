import { expect, test } from "vitest";
import { tortureFamilies } from "./families.ts";
import { tortureFleet } from "./fleet.ts";
import { tortureLimits } from "./shared-limits.ts";
import { SHORT } from "./programme.ts";

const PATIENCE_MS = 240_000;
const SEED = 1;
const onWord = (): void => undefined;

test(
  "a fleet whose server, connections and workers are broken under load loses, doubles and forgets nothing",
  { timeout: PATIENCE_MS },
  async () => {
    const run = await tortureFleet({ seed: SEED, programme: SHORT, onWord });
    expect(run.faults).toEqual([]);
  },
);

test(
  "parents learn what became of their sub-plans, whichever commit their worker dies at, and who is cancelled stops",
  { timeout: PATIENCE_MS },
  async () => {
    const moments = ["answered"] as const;
    const options = { moments, every: 16, cancelled: 1, judgesTimes: false };
    const run = await tortureFamilies({ ...options, seed: SEED, onWord });
    expect(run.faults).toEqual([]);
  },
);

test(
  "what plans share is never taken twice, and is taken up again when a worker dies with it",
  { timeout: PATIENCE_MS },
  async () => {
    const size = { plans: 9, stepsPerPlan: 24, judgesTimes: false };
    const run = await tortureLimits({ ...size, seed: SEED, onWord });
    expect(run.faults).toEqual([]);
  },
);
