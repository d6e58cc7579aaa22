import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkHistory } from "../../src/core/history/check-history.ts";
import { EVENT_TYPES } from "../simulation/required.ts";
import { readHistory, snapshotOf } from "./golden-history.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const paths = globSync("v*/*.jsonl", { cwd: here })
  .map((path) => path.replace(/\.jsonl$/, "").replaceAll("\\", "/"))
  .toSorted();

describe.each(paths)("the history %s", (path) => {
  const history = readHistory(here + path);

  test("adds up to the plan that it was when it was written", () => {
    // A later release may remember more of it, and nothing otherwise.
    expect(snapshotOf(history)).toMatchObject(history.snapshot as object);
  });

  test("is lawful to this day", () => {
    expect(checkHistory(history.events, history)).toEqual([]);
  });
});

test("the histories show every type of event", () => {
  const types = paths.flatMap((path) => readHistory(here + path).events.map(({ type }) => type));
  expect(Object.keys(EVENT_TYPES).filter((type) => !types.some((seen) => seen === type))).toEqual(
    [],
  );
});
