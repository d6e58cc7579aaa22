import type { PlanEvent } from "../plan/event.ts";
import type { Revision } from "../plan/plan.ts";
import { checkAttempts } from "./check-attempts.ts";
import { checkChain, type HashChain } from "./check-chain.ts";
import { checkEnding } from "./check-ending.ts";
import { checkGates } from "./check-gates.ts";
import { checkHead } from "./check-head.ts";
import { checkLimits } from "./check-limits.ts";
import { checkNeeds } from "./check-needs.ts";
import { checkPlanMoves } from "./check-plan-moves.ts";
import { checkRequests } from "./check-requests.ts";
import { checkStandstill } from "./check-standstill.ts";
import { checkStepMoves } from "./check-step-moves.ts";
import { checkText } from "./check-text.ts";
import { checkWaits } from "./check-waits.ts";
import { followEvent } from "./follow-event.ts";
import type { Rule } from "./rule.ts";
import { createTrail } from "./trail.ts";
import { placed, type Violation } from "./violation.ts";

/** What a history is held against besides itself. */
export interface HistoryContext {
  /** The text that was carried out, with its inputs and pins. */
  readonly revision: Revision;
  /** Makes a text's digest anew, to see that it names this text. */
  readonly digestOf?: (revision: Revision) => string;
  /** The hashes beside the events; left out where a store keeps none. */
  readonly chain?: HashChain;
}

const RULES: readonly Rule[] = [
  checkHead,
  checkText,
  checkPlanMoves,
  checkStepMoves,
  checkAttempts,
  checkNeeds,
  checkWaits,
  checkStandstill,
  checkRequests,
  checkGates,
  checkLimits,
  checkEnding,
];

/**
 * Every place where the log of one plan breaks an invariant, the text's and the chain's first, then
 * in the order of the log; empty where all is well. It reads events and the plan's text alone and shares no code with the rules that
 * made them. A log may still be growing: what is merely unfinished is no violation.
 */
export function checkHistory(
  events: readonly PlanEvent[],
  context: HistoryContext,
): readonly Violation[] {
  const { chain } = context;
  const violations = [...checkRevision(context), ...(chain ? checkChain(events, chain) : [])];
  const trail = createTrail(context.revision);
  for (const event of events) {
    for (const rule of RULES) {
      for (const finding of rule(event, trail)) violations.push(placed(finding, event));
    }
    followEvent(trail, event);
  }
  return violations;
}

/** I22 for the text itself: it is the one that its digest names. */
function* checkRevision({ revision, digestOf }: HistoryContext): Generator<Violation, void> {
  const digest = digestOf?.(revision) ?? revision.digest;
  if (digest === revision.digest) return;
  const message = `the text of revision ${revision.number} comes to ${digest}, not ${revision.digest}`;
  yield { invariant: "I22", message };
}
