import { describe, expect, test } from "vitest";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { Transcript } from "./transcript.ts";

function event(planId: string, seq: number, tenantId = "acme"): PlanEvent {
  return { id: `${planId}/${seq}`, planId, seq, tenantId } as PlanEvent;
}

function heard(...events: readonly PlanEvent[]): Transcript {
  const transcript = new Transcript("acme");
  transcript.hear(events, "1");
  return transcript;
}

describe("what a reader was told", () => {
  test("is sound where every plan's events come in their order", () => {
    expect(heard(event("a", 1), event("b", 1), event("a", 2)).faults).toEqual([]);
  });

  test("is at fault where an event is missing, comes twice or is another tenant's", () => {
    expect(heard(event("a", 1), event("a", 3)).faults).toHaveLength(1);
    expect(heard(event("a", 1), event("a", 1)).faults).toHaveLength(1);
    expect(heard(event("a", 2)).faults).toHaveLength(1);
    expect(heard(event("a", 1, "bell")).faults).toHaveLength(1);
  });

  test("is at fault where something else comes after the same place", () => {
    const transcript = heard(event("a", 1), event("b", 1));
    const [beginning] = transcript.marks;
    if (beginning === undefined) throw new Error("it has a beginning");
    transcript.compare(beginning, [event("a", 1), event("b", 1), event("a", 2)]);
    expect(transcript.faults).toEqual([]);
    transcript.compare(beginning, [event("b", 1)]);
    expect(transcript.faults).toHaveLength(1);
  });

  test("has the same digest where the order is the same, and no other", () => {
    const digestOf = (...events: readonly PlanEvent[]) =>
      heard(...events).digest((bytes) => Buffer.from(bytes).toString("hex"));
    expect(digestOf(event("a", 1), event("b", 1))).toBe(digestOf(event("a", 1), event("b", 1)));
    expect(digestOf(event("a", 1), event("a", 2))).not.toBe(digestOf(event("a", 1), event("b", 1)));
  });
});
