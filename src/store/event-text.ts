import type { Actor } from "../core/actor.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { JsonObject } from "../core/json.ts";
import type { PlanEvent } from "../core/plan/event.ts";

/**
 * An event's canonical JSON (RFC 8785): what stands in the log and what its hash is made of. The
 * head's keys are written in their canonical order, so only the data has to be sorted: 4 times as
 * quick as sorting it all.
 */
export function eventText(event: PlanEvent): string {
  const attempt = event.attempt === undefined ? "" : `,"attempt":${event.attempt}`;
  const stepKey = event.stepKey === undefined ? "" : `,"stepKey":${JSON.stringify(event.stepKey)}`;
  const traceparent =
    event.traceparent === undefined ? "" : `,"traceparent":${JSON.stringify(event.traceparent)}`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every shape of data is made of JSON
  const data = event.data as unknown as JsonObject;
  return (
    `{"actor":${actorText(event.actor)}${attempt},"data":${canonicalJson(data)}` +
    `,"id":${JSON.stringify(event.id)},"planId":${JSON.stringify(event.planId)},"seq":${event.seq}` +
    `${stepKey},"tenantId":${JSON.stringify(event.tenantId)},"time":${JSON.stringify(event.time)}` +
    `${traceparent},"type":"${event.type}","v":${event.v}}`
  );
}

function actorText(actor: Actor): string {
  const verified = actor.verified === undefined ? "" : `,"verified":${actor.verified}`;
  return `{"id":${JSON.stringify(actor.id)},"kind":"${actor.kind}"${verified}}`;
}
