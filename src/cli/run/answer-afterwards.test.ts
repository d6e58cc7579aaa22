import { expect, test } from "vitest";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { PlanView } from "../../core/plan/view.ts";
import { createGiven } from "../given.ts";
import { answerAfterwards } from "./answer-afterwards.ts";

const GIVEN = createGiven({
  command: "planwright run",
  words: [],
  options: new Map(),
  isTyped: () => false,
});

function asked(seq: number, reason: string | null): PlanEvent {
  const data = { requestId: "req_1", kind: "approval", reason, options: [], form: null };
  return { type: "request.created", seq, planId: "pln_1", data } as unknown as PlanEvent;
}

/** A plan as it was found at its fifth event, with what was open then. */
function found(...open: readonly string[]): PlanView {
  const requests = open.map((id) => ({ id }));
  return { plan: { version: 5 }, requests } as unknown as PlanView;
}

test("a question is told with the commands that answer it later", () => {
  const approve = /once .*:\n {4}planwright request approve req_1 --watch\n {4}planwright/;
  expect(answerAfterwards(asked(6, null), found(), GIVEN)).toMatch(approve);
  expect(answerAfterwards(asked(3, "gate"), found("req_1"), GIVEN)).toMatch(approve);
});

test("a question that was settled before is not, nor is the approval of the plan", () => {
  expect(answerAfterwards(asked(3, null), found("req_2"), GIVEN)).toBeNull();
  expect(answerAfterwards(asked(6, "plan-approval"), found("req_1"), GIVEN)).toBeNull();
  const started = { ...asked(6, null), type: "plan.started", data: {} } as unknown as PlanEvent;
  expect(answerAfterwards(started, found("req_1"), GIVEN)).toBeNull();
});
