import { describe, expect, test } from "vitest";
import type { PlanCommand } from "../core/plan/command.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import { commandDigest } from "./command-digest.ts";

const create: PlanCommand = {
  type: "plan.create",
  id: "cmd_1",
  planId: "pln_1",
  at: 1,
  actor: { kind: "person", id: "ann" },
  tenantId: "acme",
  document: { plan: "Order", steps: { b: { do: "human" }, a: { do: "human" } } },
  inputs: { z: 1, a: 2 },
  pins: { tools: {} },
  origin: { kind: "library", trust: "operator" },
  limits: DEFAULT_LIMITS,
};

function digestOf(command: PlanCommand): string {
  return commandDigest(command, (text) => text);
}

describe("a wish that is said again", () => {
  test("is the same whatever the order of its keys", () => {
    const { inputs, document, ...rest } = create;
    const steps = { a: { do: "human" }, b: { do: "human" } } as const;
    const again = { document: { steps, plan: document.plan }, inputs: { a: 2, z: 1 }, ...rest };
    expect(inputs).toEqual(again.inputs);
    expect(digestOf(again)).toBe(digestOf(create));
  });

  test("is the same at another time and under another trace", () => {
    const again = { ...create, id: "cmd_2", at: 2, traceparent: "00-1-2-01" };
    expect(digestOf(again)).toBe(digestOf(create));
  });

  test("is another where it says something else", () => {
    expect(digestOf({ ...create, inputs: { z: 1, a: 3 } })).not.toBe(digestOf(create));
  });
});
