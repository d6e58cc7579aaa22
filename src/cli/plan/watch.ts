import type { PlanId } from "../../core/id.ts";
import { StoreFault } from "../../store/store.ts";
import type { Act } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { carryOn } from "../run/carry-on.ts";
import { concurrencyOf } from "../run/run-file.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { openSession, type Session } from "../store/open-session.ts";
import { existingStorePath } from "../store/store-path.ts";
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
    const session = await openUnlessOwned(given, face);
    if (session !== null) return await carryOnAndClose(session, { planId, given, face, after });
    tellOwner(reading, face);
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

async function openUnlessOwned(given: Given, face: Face): Promise<Session | null> {
  existingStorePath(given);
  try {
    return await openSession(given, face, { concurrency: concurrencyOf(given) });
  } catch (error) {
    if (StoreFault.is(error) && error.code === "owned") return null;
    throw error;
  }
}

function tellOwner(reading: Reading, face: Face): void {
  const owner = reading.findOwner();
  if (owner !== null) {
    face.note(`carried out by process ${owner.pid} (${visible(owner.command)})`);
  }
}
