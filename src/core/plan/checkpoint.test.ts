import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { snapshotPlan } from "../../testing/snapshot-plan.ts";
import { isJsonObject } from "../json.ts";
import { Trial } from "../trial.test-helper.ts";
import { freezePlan, thawPlan } from "./checkpoint.ts";
import { evolve } from "./evolve.ts";

/** Steps in line in several lanes, some of them later, one lane that has run empty. */
function busy(): Trial {
  const trial = new Trial(
    {
      a: { priority: 1 },
      b: {},
      c: { do: "command" },
      d: { at: "2026-01-02T00:00:00Z" },
      e: { forEach: { items: "[1, 2, 3]", concurrency: 2 } },
      f: { do: "wait", wait: { signal: "go" } },
      g: { approve: true },
      h: { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } },
      i: { needs: ["b"] },
    },
    { pure: TEST_PURE },
  );
  trial.must({ type: "signal.deliver", name: "other", payload: 1, key: "k" });
  trial.pass(1000);
  trial.lease({ capabilities: new Set(["command"]) });
  trial.pass(1000).lease({ slots: 1 });
  trial.fail("a", { retryable: true });
  return trial;
}

describe("a checkpoint", () => {
  test("is the plan as it was, who stands in line where and since when included", () => {
    const { plan, revision } = busy();
    const thawed = thawPlan(freezePlan(plan), () => revision);
    expect(thawed && snapshotPlan(thawed)).toBe(snapshotPlan(plan));
    expect(thawed?.lanes.states()).toEqual(plan.lanes.states());
    expect(thawed?.graph).toEqual(plan.graph);
    for (const lane of plan.lanes.lanes()) {
      expect(thawed?.lanes.first(lane, plan.time)).toEqual(plan.lanes.first(lane, plan.time));
    }
  });

  test("stays as it was when the plan moves on", () => {
    const trial = busy();
    const frozen = freezePlan(trial.plan);
    const before = JSON.stringify(frozen);
    const { version } = trial.plan;
    trial.succeed("b");
    expect(JSON.stringify(frozen)).toBe(before);
    let thawed = thawPlan(frozen, () => trial.revision);
    for (const event of trial.events.slice(version))
      thawed = evolve(thawed, event, () => trial.revision);
    expect(thawed && snapshotPlan(thawed)).toBe(snapshotPlan(trial.plan));
  });

  test("is plain data, also after it was written and read", () => {
    const { plan, revision } = busy();
    const thawed = thawPlan(JSON.parse(JSON.stringify(freezePlan(plan))), () => revision);
    expect(thawed && snapshotPlan(thawed)).toBe(snapshotPlan(plan));
  });

  test("of another format, or of another text, is not used", () => {
    const { plan, revision } = busy();
    const frozen = freezePlan(plan);
    const other = isJsonObject(frozen) ? { ...frozen, format: 0 } : null;
    expect(thawPlan(other, () => revision)).toBeNull();
    expect(thawPlan(null, () => revision)).toBeNull();
    expect(thawPlan("frozen", () => revision)).toBeNull();
    expect(thawPlan(frozen, () => ({ ...revision, digest: "other" }))).toBeNull();
  });

  test("holds what a plan holds: whoever changes that gives it another format", () => {
    const frozen = freezePlan(busy().plan);
    const names = (value: unknown) => (isJsonObject(value) ? Object.keys(value).toSorted() : []);
    const { format, head, tables } = isJsonObject(frozen) ? frozen : {};
    expect({ format, head: names(head), tables: names(tables) }).toMatchInlineSnapshot(`
      {
        "format": 2,
        "head": [
          "answer",
          "approvalRequest",
          "counts",
          "createdAt",
          "createdBy",
          "endedAt",
          "ending",
          "error",
          "id",
          "limits",
          "name",
          "openRequests",
          "origin",
          "parent",
          "partial",
          "partials",
          "paused",
          "startedAt",
          "status",
          "summary",
          "tenantId",
          "time",
          "verified",
          "version",
          "workedMs",
          "workingSince",
        ],
        "tables": [
          "children",
          "expansions",
          "metNeeds",
          "refused",
          "requests",
          "running",
          "signalKeys",
          "signalQueues",
          "signalWaiters",
          "signals",
          "steps",
          "unsettledNeeds",
        ],
      }
    `);
    const steps = isJsonObject(tables) ? tables["steps"] : [];
    const shapes = Array.isArray(steps) ? steps.map(([, step]) => names(step).join(" ")) : [];
    expect([...new Set(shapes)].toSorted()).toMatchInlineSnapshot(`
      [
        "approval attempt childPlanId failures feedback input itemIndex key lastError loops outcomeDigest parentKey place reason recoveries requestId signal since status until",
        "approval attempt failures feedback itemIndex key lastError loops notBefore outcomeDigest parentKey readiedSeq recoveries since status",
        "approval attempt failures feedback itemIndex key lastError loops outcomeDigest parentKey recoveries since startedAt status workerId",
      ]
    `);
  });
});
