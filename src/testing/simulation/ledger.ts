import type { LedgerEntry } from "../../core/history/check-witness.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decision } from "../../core/plan/decision.ts";

/** What everybody who sent commands knows of them: what was sent, and what was told to stand. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];

  entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  sent(command: PlanCommand): void {
    this.#entries.push({ ...lineOf(command), acked: false });
  }

  /** The answer has arrived where it was waited for. */
  answered(command: PlanCommand, decision: Decision): void {
    if (!decision.ok) return;
    if (command.type !== "attempt.lease") this.#entries.push({ ...lineOf(command), acked: true });
    for (const { planId, stepKey, attempt } of decision.leases) {
      const { id: commandId, actor } = command;
      const kind = "attempt.lease";
      this.#entries.push({ commandId, kind, planId, actor, acked: true, stepKey, attempt });
    }
  }
}

function lineOf(command: PlanCommand): Omit<LedgerEntry, "acked"> {
  const { id: commandId, type: kind, planId, actor } = command;
  const head = { commandId, kind, planId, actor };
  switch (command.type) {
    case "attempt.report":
    case "attempt.lose":
      return { ...head, stepKey: command.stepKey, attempt: command.attempt };
    case "step.retry":
    case "step.skip":
    case "step.complete":
    case "child.acknowledge":
    case "child.report":
      return { ...head, stepKey: command.stepKey };
    case "request.decide":
      return { ...head, requestId: command.requestId };
    case "signal.deliver":
      return { ...head, signal: command.name };
    default:
      return head;
  }
}
