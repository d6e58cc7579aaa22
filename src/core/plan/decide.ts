import type { Pure } from "../pure.ts";
import type { Refusal } from "../refusal.ts";
import { decideRequest } from "../request/decide-request.ts";
import { UNLIMITED, type Room } from "../shared/room.ts";
import type { Sharing } from "../shared/sharing.ts";
import { leaseNext } from "../step/lease-next.ts";
import { loseAttempt } from "../step/lose.ts";
import { completeStep, retryStep, skipStep } from "../step/operate.ts";
import { reportOutcome } from "../step/report.ts";
import { settle } from "../step/settle.ts";
import { fireTimer } from "../step/timers.ts";
import { approvePlan, rejectPlan, startPlan, submitPlan } from "./approve.ts";
import { acknowledgeChild, reportChild } from "./children.ts";
import type { PlanCommand } from "./command.ts";
import { conclude } from "./conclude.ts";
import { createPlan } from "./create.ts";
import { Deciding } from "./deciding.ts";
import type { Decision } from "./decision.ts";
import type { Plan } from "./plan.ts";
import { deliverSignal } from "./signals.ts";
import { cancelPlan, finishPlan, pausePlan, resumePlan } from "./steer.ts";

/**
 * Every rule of a plan: what a command comes to, with all that follows from it by itself, in one
 * decision. Changes nothing; the same plan, command, `pure` and room always give the same decision.
 *
 * @param room what is left of the limits that plans share
 */
export function decide(
  plan: Plan | null,
  command: PlanCommand,
  pure: Pure,
  room: Room = UNLIMITED,
): Decision {
  const missing = refuseMissing(plan, command);
  if (missing !== null) return { ok: false, refusal: missing, events: [] };
  const deciding = new Deciding(plan, command, { pure, room });
  const refusal = carryOut(deciding, command);
  // Only a late report leaves something: that it came, once.
  if (refusal?.code === "stale-attempt") return { ok: false, refusal, events: deciding.events };
  if (refusal !== null) return { ok: false, refusal, events: [] };
  settle(deciding);
  const offer = offerOf(command);
  if (offer !== undefined) leaseNext(deciding, offer);
  conclude(deciding);
  const { events, leases, revision } = deciding;
  return {
    ok: true,
    events,
    leases,
    ...(revision === null ? {} : { revision }),
    ...told(deciding.sharing),
  };
}

function told({ withheld, freed }: Sharing): Pick<Accepted, "withheld" | "freed"> {
  return {
    ...(withheld.length === 0 ? {} : { withheld }),
    ...(freed.length === 0 ? {} : { freed }),
  };
}

type Accepted = Extract<Decision, { ok: true }>;

function refuseMissing(plan: Plan | null, command: PlanCommand): Refusal | null {
  if (command.type === "plan.create") {
    if (plan === null) return null;
    return { code: "already-exists", message: `plan ${command.planId} exists already` };
  }
  return plan === null ? { code: "not-found", message: `no plan ${command.planId}` } : null;
}

function offerOf(command: PlanCommand) {
  return command.type === "attempt.lease" || command.type === "attempt.report"
    ? command.offer
    : undefined;
}

function carryOut(deciding: Deciding, command: PlanCommand): Refusal | null {
  switch (command.type) {
    case "plan.create":
      return createPlan(deciding, command);
    case "plan.submit":
      return submitPlan(deciding);
    case "plan.approve":
      return (
        approvePlan(deciding, command) ?? (command.start === true ? startPlan(deciding) : null)
      );
    case "plan.reject":
      return rejectPlan(deciding, command);
    case "plan.start":
      return startPlan(deciding);
    case "plan.pause":
      return pausePlan(deciding, command);
    case "plan.resume":
      return resumePlan(deciding);
    case "plan.cancel":
      return cancelPlan(deciding, command);
    case "plan.finish":
      return finishPlan(deciding, command);
    case "step.retry":
      return retryStep(deciding, command);
    case "step.skip":
      return skipStep(deciding, command);
    case "step.complete":
      return completeStep(deciding, command);
    case "attempt.lease":
      return null;
    case "attempt.report":
      return reportOutcome(deciding, command);
    case "attempt.lose":
      return loseAttempt(deciding, command);
    case "request.decide":
      return decideRequest(deciding, command);
    case "signal.deliver":
      return deliverSignal(deciding, command);
    case "timer.fire":
      return fireTimer(deciding, command);
    case "child.acknowledge":
      return acknowledgeChild(deciding, command);
    case "child.report":
      return reportChild(deciding, command);
  }
}
