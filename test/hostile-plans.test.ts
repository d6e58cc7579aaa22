import { describe, expect, test } from "vitest";
import { readPlan, type ReadOptions, type ReadResult } from "../src/format/read-plan.ts";
import { writePlan } from "../src/format/write-plan.ts";
import { HOSTILE_PLANS, type HostilePlan } from "./hostile-plans.ts";

/** What a file of any size may cost, in microseconds of the processor. */
const COST_MAX = 3_000_000;

function read(hostile: HostilePlan) {
  const options: ReadOptions = hostile.syntax === undefined ? {} : { syntax: hostile.syntax };
  return readPlan(hostile.text, options);
}

/** The first fault with its place; or what stands where the table looks. */
function whatBecame(
  result: ReadResult,
  becomes: HostilePlan["becomes"],
): string | Exclude<HostilePlan["becomes"], string> {
  if (!result.ok) {
    const [fault] = result.faults;
    return `${fault?.line}:${fault?.column} ${fault?.code}`;
  }
  const pointer = typeof becomes === "string" ? "" : becomes.pointer;
  return { pointer, value: at(result.document, pointer) };
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>(
      (part, key) =>
        typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined,
      value,
    );
}

describe("a hostile plan file (SEC-15, SEC-16, SEC-17, SEC-23, SEC-24, SEC-25)", () => {
  test.each(HOSTILE_PLANS.map((hostile) => [hostile.name, hostile] as const))(
    "%s",
    (_name, hostile) => {
      const begun = process.cpuUsage().user;
      const result = read(hostile);
      expect(process.cpuUsage(undefined).user - begun).toBeLessThan(COST_MAX);
      expect(whatBecame(result, hostile.becomes)).toEqual(hostile.becomes);
      const messages = result.ok ? [] : result.faults.map((fault) => fault.message);
      expect(messages.filter((message) => message.length > 700)).toEqual([]);
    },
  );

  test("that is accepted means the same after it was written and read again", () => {
    const accepted = HOSTILE_PLANS.filter((hostile) => typeof hostile.becomes !== "string");
    expect(accepted.length).toBeGreaterThan(10);
    for (const hostile of accepted) {
      const result = read(hostile);
      if (!result.ok) throw new Error(hostile.name);
      for (const syntax of ["yaml", "json"] as const) {
        expect(readPlan(writePlan(result.document, syntax), { syntax })).toMatchObject({
          ok: true,
          document: result.document,
        });
      }
    }
  });

  test("stands in the table once, among more than 120", () => {
    const names = HOSTILE_PLANS.map((hostile) => hostile.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(120);
  });
});
