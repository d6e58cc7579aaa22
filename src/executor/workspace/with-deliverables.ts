import type { DeliverableDocument } from "../../core/plan/document.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { Outcome } from "../../core/step/outcome.ts";
import type { ExecutionContext, Executor } from "../../engine/executor.ts";
import { failedOutcome, notKept } from "../tried.ts";
import { publishDeliverables } from "./deliverables.ts";

/** An executor whose success includes the files that the step owes. */
export function withDeliverables(executor: Executor): Executor {
  return {
    capabilities: executor.capabilities,
    execute: (lease, context) => {
      const { deliverables = [] } = lease.document;
      if (deliverables.length === 0) return executor.execute(lease, context);
      return executeOwing(executor, deliverables, lease, context);
    },
  };
}

async function executeOwing(
  executor: Executor,
  deliverables: readonly DeliverableDocument[],
  lease: Lease,
  context: ExecutionContext,
): Promise<Outcome> {
  const outcome = await executor.execute(lease, context);
  if (outcome.kind === "failed") return outcome;
  return addDeliverables(outcome, deliverables, lease, context).catch(notKept);
}

async function addDeliverables(
  outcome: Extract<Outcome, { kind: "succeeded" }>,
  deliverables: readonly DeliverableDocument[],
  lease: Lease,
  context: ExecutionContext,
): Promise<Outcome> {
  const { folder } = await context.workspace();
  const published = await publishDeliverables(deliverables, folder, context);
  const artifacts = outcome.artifacts ?? [];
  if (published.ok) return { ...outcome, artifacts: [...artifacts, ...published.value] };
  // What has been done has been done: it is done again only where that is harmless.
  return failedOutcome({ ...published.error, retryable: lease.effect !== "once" }, artifacts);
}
