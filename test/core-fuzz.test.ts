import { test } from "vitest";
import { fuzzCore } from "./fuzz/core-fuzz.ts";

const PATIENCE_MS = 120_000;

test(
  "whatever is sent to a plan, its log stays lawful, and it can always be brought to an end",
  () => {
    fuzzCore({ runs: 400, seed: 20_260_101 });
  },
  PATIENCE_MS,
);

test(
  "the same holds for what nobody has tried yet",
  () => {
    fuzzCore({ runs: 100 });
  },
  PATIENCE_MS,
);
