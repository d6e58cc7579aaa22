import { actOnPlan, tellPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { makePlan, takeOn, tellInputFaults } from "../run/run-file.ts";
import type { Face } from "../screen/face.ts";
import { openSession } from "../store/open-session.ts";
import { tellMissing } from "../tell-refusal.ts";
import { UsageFault } from "../usage-fault.ts";
import { readTypedInputs, storeFiles } from "./read-inputs.ts";
import { readPlanFile } from "./read-plan-file.ts";

/** Stores a plan file as a draft. */
export const newPlan: Act = (given, face) => storePlanFile(given, face, false);

/** Asks for the approval of a plan file or of a draft. */
export const submitPlan: Act = async (given, face) => {
  const what = given.argument(0);
  return what.startsWith("pln_")
    ? submitDraft(what, given, face)
    : storePlanFile(given, face, true);
};

async function storePlanFile(given: Given, face: Face, submit: boolean): Promise<ExitCode> {
  const file = given.argument(0);
  const read = await readPlanFile(file, face, "hand-in");
  if (!read.ok) return read.code;
  const { document } = read;
  const key = readKey(given);
  const typed = await readTypedInputs(document, given.list("input"));
  if (typed.faults.length > 0) return tellInputFaults(typed, face);
  await using session = await openSession(given, face);
  const inputs = await storeFiles(typed, session.stores.artifactStore);
  const source = { document, inputs, file, ...(key === undefined ? {} : { key }) };
  const options = { submit, approve: given.flag("approve"), start: given.flag("start") };
  const made = await makePlan(session, source, options, face);
  if (!made.ok) return made.code;
  tellPlan(made.plan, given, face);
  return EXIT.done;
}

/** It becomes a part of the plan's id. */
function readKey(given: Given): string | undefined {
  const key = given.text("key");
  if (key === undefined || /^[\w.-]{1,100}$/.test(key)) return key;
  throw new UsageFault("--key takes up to 100 letters, digits, dots, hyphens and underscores");
}

async function submitDraft(planId: string, given: Given, face: Face): Promise<ExitCode> {
  if (given.list("input").length > 0) {
    throw new UsageFault("a draft has its inputs already: --input goes with a plan file");
  }
  const approve = given.flag("approve");
  const start = given.flag("start");
  if (!approve && !start) {
    return actOnPlan(given, face, ({ orchestrator, actor }) => orchestrator.submit(planId, actor));
  }
  await using session = await openSession(given, face, { mustExist: true });
  const view = await session.planwright.orchestrator.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  const taken = await takeOn(session, view.plan, { approve, start }, face);
  if (!taken.ok) return taken.code;
  tellPlan(taken.plan, given, face);
  return EXIT.done;
}
