import type { JsonSchema } from "../core/json.ts";
import type { StepDocument } from "../core/plan/document.ts";
import type { PlanEvent, PlanEventOf } from "../core/plan/event.ts";
import type { Revision } from "../core/plan/plan.ts";
import type { Pure } from "../core/pure.ts";

/**
 * What a history breaks that can only be seen by judging values, or by who spoke: outputs that do
 * not fit what was declared, keyed signals taken twice, agents that approve.
 */
export function* findBrokenPromises(
  events: readonly PlanEvent[],
  revision: Revision,
  pure: Pure,
): Generator<string, void> {
  const keys = new Set<string>();
  const kinds = new Map<string, string>();
  for (const event of events) {
    if (event.type === "request.created") kinds.set(event.data.requestId, event.data.kind);
    if (event.type === "step.succeeded") yield* unfitOutput(event, revision, pure);
    if (event.type === "signal.received" && event.data.key !== undefined) {
      if (keys.has(event.data.key)) yield `G16 #${event.seq} the signal ${event.data.key} twice`;
      keys.add(event.data.key);
    }
    if (isAgentsWord(event, kinds)) yield `G11 #${event.seq} an agent's ${event.type}`;
  }
}

/** What nobody recorded by hand fits its schema and passes its checks. */
function* unfitOutput(
  event: PlanEventOf<"step.succeeded">,
  revision: Revision,
  pure: Pure,
): Generator<string, void> {
  const { document } = revision;
  const step = document.steps[event.stepKey?.split(".")[0] ?? ""];
  const { output, manual } = event.data;
  if (step === undefined || manual !== undefined || event.attempt === undefined) return;
  for (const declared of schemasOf(step)) {
    const schema = typeof declared === "string" ? document.schemas?.[declared] : declared;
    const [fault] = pure.validate(schema ?? false, output, document.schemas);
    if (fault !== undefined) yield `G3 #${event.seq} an output that does not fit: ${fault.message}`;
  }
}

/** A `verify` step's own checks are of something else than its output. */
function schemasOf(step: StepDocument): readonly (JsonSchema | string)[] {
  const checks = step.do === "verify" ? [] : (step.verify?.checks ?? []);
  return [
    ...(step.output === undefined ? [] : [step.output]),
    ...checks.flatMap((check) => ("schema" in check ? [check.schema] : [])),
  ];
}

function isAgentsWord(event: PlanEvent, kinds: ReadonlyMap<string, string>): boolean {
  if (event.actor.kind !== "agent") return false;
  if (event.type === "request.decided") return kinds.get(event.data.requestId) !== "input";
  return event.type === "plan.approved" || event.type === "plan.rejected";
}
