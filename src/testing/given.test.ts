import { expect, test } from "vitest";
import type { PlanDocument } from "../core/plan/document.ts";
import { given } from "./given.ts";
import { snapshotPlan } from "./snapshot-plan.ts";

const DOCUMENT: PlanDocument = {
  plan: "Bake bread",
  policy: { approval: "none" },
  steps: { knead: { do: "agent" }, bake: { do: "agent", needs: ["knead"] } },
};

test("a draft cannot start before it is approved", () => {
  const decision = given(DOCUMENT).when({ type: "plan.start" });
  expect(decision).toMatchObject({ ok: false, refusal: { code: "not-allowed" } });
});

test("what has happened is built up by commands, and tried at its end", () => {
  const started = given(DOCUMENT).after({ type: "plan.submit" }, { type: "plan.start" });
  expect(started.plan.status).toBe("executing");
  const decision = started.when({ type: "step.skip", stepKey: "knead", reason: "bought" });
  expect(decision.events.map(({ type, stepKey }) => `${type} ${stepKey ?? ""}`.trim())).toEqual([
    "step.skipped knead",
    "step.skipped bake",
    "plan.completed",
  ]);
  expect(started.plan.status).toBe("executing");
});

test("events and their text bring a plan back as it was", () => {
  const before = given(DOCUMENT).after({ type: "plan.submit" }, { type: "plan.start" });
  const again = given({ events: before.events, revision: before.revision });
  expect(snapshotPlan(again.plan)).toBe(snapshotPlan(before.plan));
});

test("the same commands give the same ids", () => {
  const asked = () => given({ ...DOCUMENT, policy: {} }).after({ type: "plan.submit" });
  expect(asked().plan.approvalRequest).toMatch(/^req_/);
  expect(asked().plan.approvalRequest).toBe(asked().plan.approvalRequest);
});

test("a past that could not have been is an error that says why", () => {
  expect(() => given(DOCUMENT).after({ type: "plan.resume" })).toThrow(
    /plan\.resume was refused: the plan is draft/,
  );
  const { revision } = given(DOCUMENT);
  expect(() => given({ events: [], revision })).toThrow("at least one event");
});
