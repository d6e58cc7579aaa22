import { describe, test } from "vitest";
import { killedEffects } from "../torture/scenario/killed-effects.ts";
import { killedOften } from "../torture/scenario/killed-often.ts";
import { killedOnce } from "../torture/scenario/killed-once.ts";
import { expectFine } from "./expect-fine.ts";

const PATIENCE_MS = 120_000;

describe("kill -9", () => {
  test.for([1, 2, 3])(
    "a plan whose run is killed at a random moment completes, with nothing lost and nothing doubled (seed %i)",
    { timeout: PATIENCE_MS },
    (seed, context) => expectFine(killedOnce, seed, context),
  );

  test(
    "a plan whose workers are killed one after the other completes all the same",
    { timeout: PATIENCE_MS },
    (context) => expectFine(killedOften(3), 1, context),
  );

  test(
    "an effect that may not happen twice waits for a person's word, and its plan then completes",
    { timeout: PATIENCE_MS },
    (context) => expectFine(killedEffects, 1, context),
  );
});
