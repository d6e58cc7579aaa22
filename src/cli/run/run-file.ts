import { resolve } from "node:path";
import process from "node:process";
import type { JsonObject } from "../../core/json.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import type { PlanHeadView } from "../../core/plan/view.ts";
import type { Act } from "../command.ts";
import { EXIT, EXIT_OF_REFUSAL, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { readPlanFile } from "../plan/read-plan-file.ts";
import { readTypedInputs, storeFiles, type TypedInputs } from "../plan/read-inputs.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { openSession, type Session } from "../store/open-session.ts";
import { tellRefusal } from "../tell-refusal.ts";

/** Attempts under way at once where nothing else is said. */
const CONCURRENCY = 32;

/** Makes a plan of a file and carries it out until it rests. */
export const runFile: Act = async (given, face) => {
  const file = given.argument(0);
  const read = await readPlanFile(file, face, given.flag("dryRun") ? "look" : "hand-in");
  if (!read.ok) return read.code;
  const { document } = read;
  const typed = await readTypedInputs(document, given.list("input"));
  if (typed.faults.length > 0) return tellInputFaults(typed, face);
  if (given.flag("dryRun")) {
    const { tellForecast } = await import("../plan/forecast.ts");
    tellForecast(document, given.flag("json"), face);
    return EXIT.done;
  }
  const concurrency = concurrencyOf(given);
  await using session = await openSession(given, face, { concurrency });
  const inputs = await storeFiles(typed, session.stores.artifactStore);
  const options = { approve: given.flag("approve"), start: true };
  const made = await makePlan(session, { document, inputs, file }, options, face);
  if (!made.ok) return made.code;
  face.note(`${made.plan.id} ${visible(document.plan)}`);
  // It goes on already; what shows it is loaded meanwhile.
  const { carryOn } = await import("./carry-on.ts");
  return await carryOn({ session, planId: made.plan.id, given, face, after: 0 });
};

/** As many attempts at once as were asked for. */
export function concurrencyOf(given: Given): number {
  return given.count("concurrency") ?? CONCURRENCY;
}

/** Inputs that do not fit: the command line is wrong, not the plan. */
export function tellInputFaults({ faults }: TypedInputs, face: Face): ExitCode {
  const message = "the inputs do not fit the plan";
  tellRefusal({ code: "invalid-input", message, faults }, face);
  return EXIT_OF_REFUSAL["invalid-input"];
}

export interface PlanSource {
  readonly document: PlanDocument;
  readonly inputs: JsonObject;
  readonly file: string;
  /** Under the same key the same plan is found again. */
  readonly key?: string;
}

export type MadePlan =
  | { readonly ok: true; readonly plan: PlanHeadView }
  | { readonly ok: false; readonly code: ExitCode };

/** Stores a plan that has passed the check, and takes it as far as was asked for. */
export async function makePlan(
  session: Session,
  { document, inputs, file, key }: PlanSource,
  options: { readonly submit?: boolean; readonly approve?: boolean; readonly start?: boolean },
  face: Face,
): Promise<MadePlan> {
  const { orchestrator, actor } = session.planwright;
  const origin = {
    kind: "file",
    trust: "operator",
    folder: process.cwd(),
    ...(file === "-" ? {} : { file: resolve(file) }),
  } as const;
  const named = key === undefined ? {} : { idempotencyKey: key };
  const created = await orchestrator.create({ document, inputs, origin, ...named }, actor);
  if (!created.ok) return { ok: false, code: tellRefusal(created.refusal, face) };
  if (options.submit === false) return created;
  return takeOn(session, created.plan, options, face);
}

/** Submits, approves and starts a plan, as far as was asked for and is still to be done. */
export async function takeOn(
  session: Session,
  plan: PlanHeadView,
  options: { readonly approve?: boolean; readonly start?: boolean },
  face: Face,
): Promise<MadePlan> {
  const { orchestrator, actor } = session.planwright;
  let now = plan;
  const acts = [
    { from: "draft", wanted: true, act: () => orchestrator.submit(now.id, actor) },
    {
      from: "pending-approval",
      wanted: options.approve === true,
      act: () => orchestrator.approve(now.id, actor, { digest: now.digest }),
    },
    {
      from: "approved",
      wanted: options.start === true,
      act: () => orchestrator.start(now.id, actor),
    },
  ];
  for (const { from, wanted, act } of acts) {
    if (now.status !== from || !wanted) continue;
    const answer = await act();
    if (!answer.ok) return { ok: false, code: tellRefusal(answer.refusal, face) };
    now = answer.plan;
  }
  return { ok: true, plan: now };
}
