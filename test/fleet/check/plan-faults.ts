import type { LedgerEntry } from "../../../src/core/history/check-witness.ts";
import { checkWitness } from "../../../src/core/history/check-witness.ts";
import type { Violation } from "../../../src/core/history/violation.ts";
import { whyNotQuiet } from "../../../src/core/history/why-not-quiet.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { formatTimestamp } from "../../../src/core/timestamp.ts";
import { findBrokenPromises } from "../../../src/testing/find-broken-promises.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { findExecutionFaults } from "../../torture/check/execution-faults.ts";
import { findLogFaults } from "../../torture/check/log-faults.ts";
import type { PlanLog } from "../../torture/check/read-book.ts";
import { BY_TOOL } from "../../torture/witness/tell-witness.ts";
import type { LedgerLine } from "../../torture/witness/witness.ts";
import { wordsOf, type Books } from "../client/client-book.ts";

/** What is known of one plan besides its log. */
export interface PlanEvidence {
  readonly log: PlanLog;
  /** What was told of it, in everybody's books. */
  readonly entries: readonly LedgerEntry[];
  /** Everybody who keeps a book. */
  readonly keepers: readonly LedgerEntry[];
  readonly told: Books["told"];
  /** What the world saw of its steps. */
  readonly ledger: readonly LedgerLine[];
  /** Lives that were killed: what they brought last, nobody could tell. */
  readonly killed: ReadonlySet<string>;
  /** When it should have come to rest. */
  readonly restAt: number;
}

/** Everything that does not hold of one plan: of its log, of what was told, of what the world saw. */
export function findPlanFaults(evidence: PlanEvidence): readonly string[] {
  const { log, entries, keepers, ledger, restAt } = evidence;
  const { row, events, revision } = log;
  const book = { logs: [log], openRequests: [], leases: [] };
  // Side by side with other lives it is no fault to be alive.
  const own = ledger.filter(({ kind }) => kind !== "outlived");
  const rest = { now: formatTimestamp(restAt) };
  const found = [
    ...whyNotQuiet(events, { revision }, rest).map(tell),
    ...checkWitness([...entries, ...keepers], events).map(tell),
    ...findBrokenPromises(events, revision, TEST_PURE),
    ...findStrangers(log),
    ...findUntold(evidence),
    ...findUnheard(evidence),
  ];
  return [
    ...found.map((fault) => `${row.id}: ${fault}`),
    ...findLogFaults(book),
    ...findExecutionFaults(own, book),
  ];
}

/** I19: every event is of the plan's tenant. */
function findStrangers({ row, events }: PlanLog): readonly string[] {
  return events
    .filter(({ tenantId }) => tenantId !== row.tenantId)
    .map(({ seq, tenantId }) => `I19 #${seq} bears ${tenantId}, the plan ${row.tenantId}`);
}

/** What somebody was told, and does not stand there word for word; numbers that were told and are not there. */
function findUntold({ log, told }: PlanEvidence): readonly string[] {
  const known = new Map(log.events.map((event) => [event.id, event]));
  const faults: string[] = [];
  for (const event of known.values()) {
    const words = told.get(event.id);
    if (words === undefined || (words.size === 1 && words.has(wordsOf(event)))) continue;
    faults.push(`G1 #${event.seq} (${event.type}) was told otherwise than it stands`);
  }
  const last = log.events.at(-1)?.seq ?? 0;
  if (told.has(`${log.row.id}/${last + 1}`)) faults.push(`G1 #${last + 1} was told and is lost`);
  return faults;
}

/** G4: what was done and no longer counted was refused, and told. */
function findUnheard({ log, ledger, killed }: PlanEvidence): readonly string[] {
  const heard = new Set(
    log.events.filter(isWord).map(({ stepKey, attempt }) => `${stepKey} ${attempt}`),
  );
  return (
    ledger
      // A command may have come to its end in the moment in which it was ended: its worker knows of no success.
      .filter(({ kind, life, about }) => kind === "end" && about === BY_TOOL && !killed.has(life))
      .filter(({ stepKey, attempt }) => !heard.has(`${stepKey} ${attempt}`))
      .map(
        ({ stepKey, attempt, life }) =>
          `G4 ${stepKey}/${attempt} of ${life} was done, and nobody was told`,
      )
  );
}

function isWord({ type }: PlanEvent): boolean {
  return type === "step.succeeded" || type === "attempt.refused" || type === "attempt.failed";
}

function tell({ invariant, message, seq, stepKey }: Violation): string {
  return [invariant, seq === undefined ? "" : `#${seq}`, stepKey ?? "", message]
    .filter(Boolean)
    .join(" ");
}
