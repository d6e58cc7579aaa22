import type { PlanId } from "../../core/id.ts";
import { StoreFault } from "../../store/store.ts";
import type { Act } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { carryOn } from "../run/carry-on.ts";
import { concurrencyOf } from "../run/run-file.ts";
import type { Face } from "../screen/face.ts";
import { carriersLine } from "../store/carrier.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { openSession, type Session } from "../store/open-session.ts";
import { tellMissing } from "../tell-refusal.ts";
import { followAlong } from "./follow-along.ts";

/** Shows how a plan goes, and carries it on itself as soon as no other process does. */
export const watchPlan: Act = async (given, face) => {
  const planId = given.argument(0);
  await using reading = await openReader(given);
  const version = await reading.plans.store.read(planId, (plan) => plan.version);
  if (version === null) return tellMissing(`plan ${planId}`, face);
  let after = version;
  for (;;) {
    const session = await openUnlessCarriedOut(reading, given, face);
    if (session !== null) return await carryOnAndClose(session, { planId, given, face, after });
    await tellCarriers(reading, face);
    const end = await followAlong(reading, { planId, given, face, after });
    if (end.kind === "over") return end.code;
    after = end.after;
    face.note("the process that carried it out is gone");
  }
};

async function carryOnAndClose(
  session: Session,
  options: {
    readonly planId: PlanId;
    readonly given: Given;
    readonly face: Face;
    readonly after: number;
  },
): Promise<ExitCode> {
  await using open = session;
  const code = await carryOn({ session: open, ...options });
  return code;
}

/** Null where another process carries out the plans of the store. */
async function openUnlessCarriedOut(
  reading: Reading,
  given: Given,
  face: Face,
): Promise<Session | null> {
  if (!reading.exclusive && (await reading.findCarriers()).length > 0) return null;
  try {
    return await openSession(given, face, { concurrency: concurrencyOf(given), mustExist: true });
  } catch (error) {
    if (StoreFault.is(error) && error.code === "owned") return null;
    throw error;
  }
}

async function tellCarriers(reading: Reading, face: Face): Promise<void> {
  const line = carriersLine(await reading.findCarriers());
  if (line !== null) face.note(line);
}
