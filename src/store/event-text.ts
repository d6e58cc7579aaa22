import { canonicalJson } from "../core/canonical-json.ts";
import type { JsonObject } from "../core/json.ts";
import type { PlanEvent } from "../core/plan/event.ts";

/**
 * An event's canonical JSON (RFC 8785): what stands in the log and what its hash is made of. The
 * head's keys are written in their canonical order, so only the data may have to be sorted: 5 times
 * as quick as sorting it all.
 */
export function eventText(event: PlanEvent): string {
  const { attempt, id, planId, seq, stepKey, tenantId, time, traceparent, type, v } = event;
  const { id: actorId, kind, verified } = event.actor;
  const before = JSON.stringify({ actor: { id: actorId, kind, verified }, attempt });
  const after = JSON.stringify({ id, planId, seq, stepKey, tenantId, time, traceparent, type, v });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every shape of data is made of JSON
  const data = canonicalJson(event.data as unknown as JsonObject);
  return `${before.slice(0, -1)},"data":${data},${after.slice(1)}`;
}
