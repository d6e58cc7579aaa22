import { hash } from "node:crypto";
import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Wish } from "../../../src/testing/given.ts";

/** Text that databases keep in different ways, if one lets them (S15, P20). */
const ODD = [
  "\u0000",
  "\ud800",
  "\u{1f600}",
  "e\u0301",
  "\ue000",
  "\ufffd",
  "'; --",
  "\\u0000",
] as const;

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** A drawn text with odd characters where rows show it. */
export function decorateDocument(document: PlanDocument, chance: Chance): PlanDocument {
  const steps = Object.entries(document.steps).map(([key, step]): [string, StepDocument] => {
    const { request } = step;
    if (request === undefined || !chance.happens(0.3, "title", key)) return [key, step];
    const title = `${request.title} ${chance.pick(ODD, "title", key, "odd")}`;
    return [key, { ...step, request: { ...request, title, assignees: ["role:editor"] } }];
  });
  const isOdd = chance.happens(0.3, "name");
  const plan = isOdd ? `${document.plan} ${chance.pick(ODD, "name", "odd")}` : document.plan;
  return { ...document, plan, steps: Object.fromEntries(steps) };
}

/** A drawn wish with odd values, artifacts and a trace, now and then. */
export function decorateWish(wish: Wish, chance: Chance, artifactId: string): Wish {
  const traced = chance.happens(0.1, "trace") ? { ...wish, traceparent: TRACEPARENT } : wish;
  if (traced.type === "signal.deliver" && chance.happens(0.3, "payload")) {
    return { ...traced, payload: { text: chance.pick(ODD, "payload", "odd"), z: 1, a: 1e21 } };
  }
  if (traced.type !== "attempt.report" || !chance.happens(0.25, "artifact")) return traced;
  const name = `out ${chance.pick(ODD, "artifact", "odd")}`;
  const artifact = {
    id: artifactId,
    name,
    sha256: hash("sha256", artifactId),
    size: chance.between(0, 1e6, "size"),
    mediaType: "text/plain",
  };
  return { ...traced, outcome: { ...traced.outcome, artifacts: [artifact] } };
}
