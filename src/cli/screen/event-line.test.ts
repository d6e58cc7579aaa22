import { expect, test } from "vitest";
import type { PlanEvent } from "../../core/plan/event.ts";
import { eventLine, isProgress } from "./event-line.ts";

function eventOf(type: string, data: unknown): PlanEvent {
  const head = { id: "pln_1/1", seq: 1, v: 1, time: "2026-01-01T10:20:30.000Z" };
  const about = { planId: "pln_1", tenantId: "default", stepKey: "build", attempt: 2 };
  return { ...head, ...about, actor: { kind: "person", id: "ada" }, type, data } as PlanEvent;
}

test("an event is one line, whatever it says", () => {
  const error = { code: "exit", message: "no\nluck\u001b[2J", retryable: false };
  expect(eventLine(eventOf("step.failed", { error }))).toBe(
    String.raw`10:20:30  build failed: no\nluck\u{1b}[2J`,
  );
});

test("that a step stands in line is no progress, that it must wait for a time is", () => {
  expect(isProgress(eventOf("step.readied", {}))).toBe(false);
  expect(isProgress(eventOf("step.readied", { notBefore: "2026-01-01T10:20:31.000Z" }))).toBe(true);
  expect(isProgress(eventOf("plan.started", {}))).toBe(true);
});
