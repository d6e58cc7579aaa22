import type { PlanEvent, PlanEventOf } from "../plan/event.ts";
import type { Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

type Settling = PlanEventOf<"request.decided" | "request.expired" | "request.closed">;

/** I9: every request is asked once, settled once, in its time, and not by the one who asks. */
export function* checkRequests(event: PlanEvent, before: Trail): Generator<Finding, void> {
  switch (event.type) {
    case "request.created":
      yield* checkCreated(event, before);
      break;
    case "request.decided":
      yield* checkSettled(event, before);
      yield* checkDecider(event, before);
      break;
    case "request.expired":
    case "request.closed":
      yield* checkSettled(event, before);
      break;
    default:
  }
}

function* checkCreated(
  event: PlanEventOf<"request.created">,
  before: Trail,
): Generator<Finding, void> {
  const { requestId } = event.data;
  if (before.requests.has(requestId)) {
    yield { invariant: "I9", message: `${requestId} is asked a second time` };
  }
}

function* checkSettled(event: Settling, before: Trail): Generator<Finding, void> {
  const { requestId } = event.data;
  const request = before.requests.get(requestId);
  if (request === undefined) {
    yield { invariant: "I9", message: `${event.type}: ${requestId} was never asked` };
  } else if (request.status !== "open") {
    yield { invariant: "I9", message: `${event.type}: ${requestId} is ${request.status} already` };
  } else {
    const fault = faultOfTime(event, request.created.data.dueAt);
    if (fault !== null) yield { invariant: "I9", message: `${requestId} ${fault}` };
  }
}

/** People answer until it is due, the timer from then on. */
function faultOfTime(event: Settling, dueAt: string | null): string | null {
  if (event.type === "request.closed") return null;
  const isByTimer = event.type === "request.expired" || event.data.by === "timeout";
  if (isByTimer) {
    if (dueAt === null) return "runs out, and has no time to be answered by";
    return event.time < dueAt ? `runs out before it is due at ${dueAt}` : null;
  }
  const isLate = dueAt !== null && event.time > dueAt;
  return isLate ? `is decided after it was due at ${dueAt}` : null;
}

/** An agent or worker never approves what it asked for itself. */
function* checkDecider(
  event: PlanEventOf<"request.decided">,
  before: Trail,
): Generator<Finding, void> {
  const created = before.requests.get(event.data.requestId)?.created;
  if (created?.data.kind !== "approval" || event.data.by !== "person") return;
  const { kind, id } = event.actor;
  if (kind === "person" || created.actor.kind !== kind || created.actor.id !== id) return;
  yield { invariant: "I9", message: `${kind} ${id} approves what it asked for itself` };
}
