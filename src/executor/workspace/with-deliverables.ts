import type { Executor } from "../../engine/executor.ts";
import { failedOutcome } from "../tried.ts";
import { publishDeliverables } from "./deliverables.ts";

/** An executor whose success includes the files that the step owes. */
export function withDeliverables(executor: Executor): Executor {
  return {
    capabilities: executor.capabilities,
    execute: async (lease, context) => {
      const outcome = await executor.execute(lease, context);
      const { deliverables = [] } = lease.document;
      if (outcome.kind === "failed" || deliverables.length === 0) return outcome;
      const { folder } = await context.workspace();
      const published = await publishDeliverables(deliverables, folder, context);
      const artifacts = outcome.artifacts ?? [];
      if (published.ok) return { ...outcome, artifacts: [...artifacts, ...published.value] };
      // What has been done has been done: it is done again only where that is harmless.
      return failedOutcome({ ...published.error, retryable: lease.effect !== "once" }, artifacts);
    },
  };
}
