import type { PlanHeadView } from "../core/plan/view.ts";
import type { Answer } from "../engine/orchestrator.ts";
import type { Planwright } from "../planwright.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Given } from "./given.ts";
import { carryOn } from "./run/carry-on.ts";
import { concurrencyOf } from "./run/run-file.ts";
import type { Face } from "./screen/face.ts";
import { visibleJson } from "./screen/visible.ts";
import { openSession, type Session } from "./store/open-session.ts";
import { suggestCommand } from "./store/suggest-command.ts";
import { tellRefusal } from "./tell-refusal.ts";

/**
 * Does one thing to a plan and tells what came of it. With `--watch` the plan is then carried on;
 * without it the command ends, and says how to go on where there is something to carry out.
 */
export async function actOnPlan(
  given: Given,
  face: Face,
  act: (planwright: Planwright) => Promise<Answer>,
): Promise<ExitCode> {
  const watch = given.flag("watch");
  await using session = await openSession(given, face, {
    mustExist: true,
    ...(watch ? { concurrency: concurrencyOf(given) } : {}),
  });
  const answer = await act(session.planwright);
  if (!answer.ok) return tellRefusal(answer.refusal, face);
  if (watch) return await goOn(session, answer.plan, given, face);
  await session.settle();
  const now = await session.planwright.orchestrator.get(answer.plan.id);
  tellPlan(now?.plan ?? answer.plan, given, face);
  return EXIT.done;
}

async function goOn(
  session: Session,
  plan: PlanHeadView,
  given: Given,
  face: Face,
): Promise<ExitCode> {
  // A sub-plan is carried on with the plan that it is part of.
  const { parent } = plan;
  const planId = parent === null ? plan.id : await rootOf(session, parent.planId);
  return carryOn({ session, planId, given, face, after: parent === null ? plan.version : 0 });
}

async function rootOf(session: Session, planId: string): Promise<string> {
  const view = await session.planwright.orchestrator.get(planId);
  return view === null || view.plan.parent === null
    ? planId
    : rootOf(session, view.plan.parent.planId);
}

/** Says how a plan stands now, and how it goes on. */
export function tellPlan(plan: PlanHeadView, given: Given, face: Face): void {
  if (given.flag("json")) {
    face.data(visibleJson({ plan }, 2));
    return;
  }
  const condition = plan.condition === null ? "" : ` (${plan.condition})`;
  face.data(`${plan.id} ${plan.status}${condition}`);
  const next = nextCommand(plan);
  if (next !== null) face.note(`go on with: ${suggestCommand(given, "plan", ...next)}`);
}

function nextCommand({ id, status, condition }: PlanHeadView): readonly string[] | null {
  switch (status) {
    case "draft":
      return ["submit", id];
    case "pending-approval":
      return ["approve", id, "--start", "--watch"];
    case "approved":
      return ["start", id, "--watch"];
    case "executing":
      return condition === "paused" ? ["resume", id, "--watch"] : ["watch", id];
    case "completed":
    case "failed":
    case "cancelled":
    case "rejected":
      return null;
  }
}
