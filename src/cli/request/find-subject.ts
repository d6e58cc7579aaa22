import type { Plan } from "../../core/plan/plan.ts";
import { findStep, specOf } from "../../core/step/lookup.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";
import type { RequestView } from "../../core/plan/view.ts";
import { writePlan } from "../../format/write-plan.ts";
import type { RequestSubject } from "./request-text.ts";

/** What exactly an answer to a request decides on; null where that is the question itself. */
export async function findSubject(
  plans: PlanReader,
  request: RequestView,
): Promise<RequestSubject | null> {
  return plans.store.read(request.planId, (plan) =>
    request.stepKey === null ? textOf(plan) : workOf(plan, request.stepKey, request.id),
  );
}

function textOf({ revision }: Plan): RequestSubject {
  const { digest, document, inputs } = revision;
  return { kind: "text", digest, inputs, text: writePlan(document, "yaml") };
}

function workOf(plan: Plan, stepKey: string, requestId: string): RequestSubject | null {
  const step = findStep(plan, stepKey);
  if (step?.status !== "waiting" || step.requestId !== requestId) return null;
  const { document } = specOf(plan, stepKey);
  const input = step.input ?? document.with ?? {};
  const isEmpty = JSON.stringify(input) === "{}";
  if (isEmpty && document.do === "human") return null;
  return { kind: "work", do: document.do, owner: document.owner ?? null, input };
}
