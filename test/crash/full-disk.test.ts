import { describe, test } from "vitest";
import { fullDisk, fullFiles } from "../torture/scenario/full-disk.ts";
import { expectFine } from "./expect-fine.ts";

const PATIENCE_MS = 120_000;

describe("a disk without room", () => {
  test(
    "a full disk is told, loses nothing, can be read, and work goes on by itself when it has room",
    { timeout: PATIENCE_MS },
    (context) => expectFine(fullDisk, 1, context),
  );

  test(
    "files that may not grow are told, lose nothing, and work goes on when they may",
    { timeout: PATIENCE_MS },
    (context) => expectFine(fullFiles, 1, context),
  );
});
