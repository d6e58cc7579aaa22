import { expect, test } from "vitest";
import { briefDuration } from "./time.ts";

test("a length of time is told as exactly as anybody wants to know", () => {
  const told = [0, 340, 9940, 9960, 59_000, 65_000, 7_800_000].map(briefDuration);
  expect(told).toEqual(["0.0s", "0.3s", "9.9s", "10s", "59s", "1m05s", "2h10m"]);
});
