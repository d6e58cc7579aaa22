import type { Lease } from "../../core/step/lease.ts";
import type { Outcome } from "../../core/step/outcome.ts";
import type { ExecutionContext, Executor } from "../../engine/executor.ts";
import type { CommandRunner } from "../command/command-runner.ts";
import { failedOutcome, notKept } from "../tried.ts";
import { runChecks } from "./run-checks.ts";

/** An executor whose success carries what the step's command checks say of it. */
export function withChecks(executor: Executor, runner: CommandRunner): Executor {
  return {
    capabilities: executor.capabilities,
    execute: (lease, context) =>
      lease.document.verify === undefined
        ? executor.execute(lease, context)
        : executeChecked(executor, lease, context, runner),
  };
}

async function executeChecked(
  executor: Executor,
  lease: Lease,
  context: ExecutionContext,
  runner: CommandRunner,
): Promise<Outcome> {
  const outcome = await executor.execute(lease, context);
  // Who has run the checks already has said so.
  if (outcome.kind === "failed" || outcome.checks !== undefined) return outcome;
  return addChecks(outcome, lease, context, runner).catch(notKept);
}

async function addChecks(
  outcome: Extract<Outcome, { kind: "succeeded" }>,
  lease: Lease,
  context: ExecutionContext,
  runner: CommandRunner,
): Promise<Outcome> {
  const report = await runChecks(lease, outcome.output, context, runner);
  const artifacts = outcome.artifacts ?? [];
  if (!report.ok) return failedOutcome(report.error, artifacts);
  const { checks } = report.value;
  return { ...outcome, checks, artifacts: [...artifacts, ...report.value.artifacts] };
}
