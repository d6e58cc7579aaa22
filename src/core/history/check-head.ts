import type { PlanEvent } from "../plan/event.ts";
import type { Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

/** Times of this one form compare as text. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** I1, I19, I28: numbers without gaps, time that never goes back, one tenant, one plan. */
export function* checkHead(event: PlanEvent, before: Trail): Iterable<Finding> {
  yield* checkNumber(event, before);
  yield* checkTime(event, before);
  yield* checkOwner(event, before);
}

function* checkNumber(event: PlanEvent, before: Trail): Iterable<Finding> {
  const next = before.seq + 1;
  if (event.seq !== next) {
    yield { invariant: "I1", message: `the event after ${before.seq} has number ${event.seq}` };
  }
  if (event.id !== `${event.planId}/${event.seq}`) {
    yield {
      invariant: "I19",
      message: `event ${event.seq} of ${event.planId} calls itself ${event.id}`,
    };
  }
}

function* checkTime(event: PlanEvent, before: Trail): Iterable<Finding> {
  if (!TIMESTAMP.test(event.time)) {
    yield { invariant: "I1", message: `${event.time} is not a UTC time with milliseconds` };
  } else if (event.time < before.time) {
    yield { invariant: "I1", message: `time goes back from ${before.time} to ${event.time}` };
  }
}

function* checkOwner(event: PlanEvent, before: Trail): Iterable<Finding> {
  if (before.tenantId !== null && event.tenantId !== before.tenantId) {
    yield {
      invariant: "I28",
      message: `an event of tenant ${event.tenantId} stands in a log of tenant ${before.tenantId}`,
    };
  }
  if (before.planId !== null && event.planId !== before.planId) {
    yield {
      invariant: "I19",
      message: `an event of ${event.planId} stands in the log of ${before.planId}`,
    };
  }
}
