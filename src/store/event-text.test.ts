import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/json.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { eventText } from "./event-text.ts";

const text = fc.string({ unit: "binary", maxLength: 8 });

const anyEvent: fc.Arbitrary<PlanEvent> = fc
  .record(
    {
      id: text,
      seq: fc.nat(),
      v: fc.constant(1 as const),
      time: text,
      tenantId: text,
      planId: text,
      actor: fc.record(
        { kind: fc.constant("person" as const), id: text, verified: fc.boolean() },
        { requiredKeys: ["kind", "id"] },
      ),
      type: fc.constant("step.succeeded" as const),
      traceparent: text,
      stepKey: text,
      attempt: fc.nat(),
      data: fc.record({ output: fc.json().map((json): Json => JSON.parse(json)) }),
    },
    { requiredKeys: ["id", "seq", "v", "time", "tenantId", "planId", "actor", "type", "data"] },
  )
  .map((event): PlanEvent => event);

describe("the text of an event", () => {
  test("is its canonical JSON, whatever it says", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const json: Json = JSON.parse(JSON.stringify(event));
        expect(eventText(event)).toBe(canonicalJson(json));
      }),
    );
  });

  test("is read back as the event it was written from", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(JSON.parse(eventText(event))).toEqual(JSON.parse(JSON.stringify(event)));
      }),
    );
  });
});
