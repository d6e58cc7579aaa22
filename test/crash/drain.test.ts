import { test } from "vitest";
import { drained } from "../torture/scenario/drained.ts";
import { expectFine } from "./expect-fine.ts";

test(
  "a worker that is told to stop lets what runs end, and nothing is lost or run again",
  { timeout: 120_000 },
  (context) => expectFine(drained, 1, context),
);
