import type { PlanEvent } from "../../core/plan/event.ts";
import type { PlanView } from "../../core/plan/view.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { howToAnswer } from "../request/how-to-answer.ts";
import type { Face } from "../screen/face.ts";
import type { Session } from "../store/open-session.ts";

/** Whether this process alone may write to its store, and asks nobody itself. */
export function keepsOthersOut(session: Session, face: Face): boolean {
  return session.stores.exclusive && !face.canAsk;
}

/**
 * What is said of a question while its run goes on: the commands that answer it, later. Null for
 * what asks nothing, what has been settled since, and the plan's own approval, without which a run
 * ends at once. `view` is the plan as it was found.
 */
export function answerAfterwards(event: PlanEvent, view: PlanView, given: Given): string | null {
  if (event.type !== "request.created" || event.data.reason === "plan-approval") return null;
  const { requestId: id, ...asked } = event.data;
  const isNew = event.seq > view.plan.version;
  if (!isNew && !view.requests.some((request) => request.id === id)) return null;
  const ways = howToAnswer(given, { ...asked, id, planId: event.planId });
  return [`  to be answered once this process has ended; ${ALONE}:`, ...ways].join("\n    ");
}

/** The same of the commands that a run ends with. */
export function tellAfterwards(code: ExitCode, face: Face): void {
  if (code !== EXIT.personNeeded) return;
  face.complain(`to be done once this process has ended; ${ALONE}`);
}

const ALONE = "until then nobody else may write to its store";
