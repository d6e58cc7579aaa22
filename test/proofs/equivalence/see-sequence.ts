import type { CommandType } from "../../../src/core/plan/command.ts";
import type { PlanMessage } from "../../../src/core/plan/message.ts";
import type { RefusalCode } from "../../../src/core/refusal.ts";
import type { Sightings } from "../../../src/testing/simulation/sightings.ts";
import { EVENT_TYPES } from "../../simulation/required.ts";
import type { Sequence } from "./sequence.ts";

const COMMANDS: Readonly<Record<CommandType, true>> = {
  "plan.create": true,
  "plan.submit": true,
  "plan.approve": true,
  "plan.reject": true,
  "plan.start": true,
  "plan.pause": true,
  "plan.resume": true,
  "plan.cancel": true,
  "plan.finish": true,
  "step.retry": true,
  "step.skip": true,
  "step.complete": true,
  "attempt.lease": true,
  "attempt.report": true,
  "attempt.lose": true,
  "request.decide": true,
  "signal.deliver": true,
  "timer.fire": true,
  "child.acknowledge": true,
  "child.report": true,
};

const REFUSALS: Readonly<Record<RefusalCode, true>> = {
  "not-found": true,
  "already-exists": true,
  "invalid-plan": true,
  "invalid-input": true,
  "not-allowed": true,
  "stale-attempt": true,
  "stale-digest": true,
  "command-reused": true,
  forbidden: true,
};

const MESSAGES: Readonly<Record<PlanMessage["kind"], true>> = {
  start: true,
  cancel: true,
  pause: true,
  resume: true,
  ended: true,
};

/** What must have been seen in a few hundred sequences; else they are drawn too weakly. */
export const REQUIRED_SIGHTINGS: readonly string[] = [
  ...Object.keys(EVENT_TYPES).map((type) => `event ${type}`),
  ...Object.keys(COMMANDS).map((type) => `accepted ${type}`),
  ...Object.keys(REFUSALS).map((code) => `refused ${code}`),
  ...Object.keys(MESSAGES).map((kind) => `delivered ${kind}`),
  "race",
  "redelivery",
  "events of a refusal told again",
];

/** Notes what a sequence has in it. */
export function seeSequence(sightings: Sightings, sequence: Sequence): void {
  for (const { events } of sequence.oracle.plans.values()) sightings.seeEvents(events);
  const seen = new Set<string>();
  for (const { commands, isRace } of sequence.bursts) {
    if (isRace) sightings.see("race");
    for (const { command, settles, answer } of commands) {
      const isAgain = seen.has(command.id);
      seen.add(command.id);
      sightings.see(answer.ok ? `accepted ${command.type}` : `refused ${answer.refusal.code}`);
      if (settles !== null) sightings.see(`delivered ${settles.split("/").at(-2) ?? settles}`);
      if (settles?.endsWith("/ended") === true) sightings.see("delivered ended");
      if (!isAgain) continue;
      sightings.see("redelivery");
      if (!answer.ok && answer.events.length > 0) sightings.see("events of a refusal told again");
    }
  }
}
