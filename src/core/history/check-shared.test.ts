import { describe, expect, test } from "vitest";
import type { PlanEvent } from "../plan/event.ts";
import { checkShared, type SharedCap } from "./check-shared.ts";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";

const TEXT: WrittenText = {
  steps: {
    a: {},
    b: { pool: "gpu" },
    c: { do: "tool", owner: "mail" },
    d: { forEach: "[1, 2]" },
  },
};
const POOL: SharedCap = { tenantId: null, key: "pool:default", max: 1 };

const plan = () => new HistoryWriter(TEXT).begin();

/** The log of another plan. */
function of(planId: string, { events }: HistoryWriter, tenantId = "acme"): readonly PlanEvent[] {
  return events.map((event) => ({ ...event, planId, tenantId, id: `${planId}/${event.seq}` }));
}

function faults(logs: readonly (readonly PlanEvent[])[], ...limits: readonly SharedCap[]) {
  const textOf = () => plan().revision;
  return checkShared(logs, { limits, textOf }).map(({ invariant, message }) => [
    invariant,
    message,
  ]);
}

describe("limits that plans share", () => {
  test("are broken by an attempt too many, of whichever plan", () => {
    const one = of("pln_1", plan().ready("a").start("a"));
    const other = of("pln_2", plan().pass(5).ready("a").start("a"));
    expect(faults([one, other], POOL)).toEqual([
      ["I15", "pln_2/6 is number 2 of pool:default; the limit is 1"],
    ]);
    expect(faults([one, other], { ...POOL, max: 2 })).toEqual([]);
  });

  test("are not broken by attempts that follow each other, however each of them ends", () => {
    const ends = [
      plan().ready("a").start("a").succeed("a", 1),
      plan().ready("a").start("a").stumble("a", 1).ready("a"),
      plan().ready("a").start("a").lose("a", 1),
      plan().ready("a").start("a").fail("a", 1),
      plan().ready("a").start("a").skip("a"),
      plan().ready("a").start("a").drop("a", "plan-cancelled", 1),
    ];
    const next = of("pln_9", plan().pass(1).ready("a").start("a"));
    for (const log of ends) expect(faults([of("pln_1", log), next], POOL)).toEqual([]);
  });

  test("take what ends before what starts where both happen at the same time", () => {
    const first = of("pln_1", plan().ready("a").start("a").pass(5).succeed("a", 1));
    const second = of("pln_2", plan().pass(5).ready("a").start("a"));
    expect(faults([second, first], POOL)).toEqual([]);
    expect(faults([first, second], POOL)).toEqual([]);
  });

  test("are held in the order of a log that holds several plans, whatever the times say", () => {
    const first = of("pln_1", plan().ready("a").start("a").succeed("a", 1));
    const second = of("pln_2", plan().ready("a").start("a"));
    const mixed = [...first.slice(0, -1), ...second, ...first.slice(-1)];
    expect(faults([mixed], POOL)).toHaveLength(1);
    expect(faults([[...first, ...second]], POOL)).toEqual([]);
  });

  test("are a tenant's own, where they are not of all", () => {
    const tenant = { tenantId: "acme", key: "tenant", max: 1 };
    const mine = of("pln_1", plan().ready("a").start("a"));
    const theirs = of("pln_2", plan().ready("a").start("a"), "other");
    expect(faults([mine, theirs], tenant)).toEqual([]);
    expect(faults([mine, theirs], { ...tenant, tenantId: null })).toHaveLength(1);
  });

  test("hold for the pool and the owner that the text names, children of lists among them", () => {
    const log = plan().ready("a").start("a").ready("b").start("b").ready("c").start("c");
    log.tell("step.expanded", { items: [1, 2] }, { stepKey: "d" });
    log.ready("d.0").start("d.0").ready("d.1").start("d.1").start("nobody");
    const count = (key: string) => faults([log.events], { ...POOL, key, max: 0 }).length;
    expect(count("pool:gpu")).toBe(1);
    expect(count("pool:default")).toBe(4);
    expect(count("owner:agent")).toBe(4);
    expect(count("owner:tool:mail")).toBe(1);
  });

  test("are used up for good where they are a budget", () => {
    const budget = { tenantId: "acme", key: "budget:attempts", max: 1 };
    const log = plan().ready("a").start("a").stumble("a", 1).ready("a").start("a", 2);
    expect(faults([log.events], budget)).toEqual([
      ["I11", "pln_1/9 is number 2 of budget:attempts; the limit is 1"],
    ]);
  });
});
