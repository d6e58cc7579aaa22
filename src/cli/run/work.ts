import type { PlanEvent } from "../../core/plan/event.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";
import { eventLine, isProgress } from "../screen/event-line.ts";
import { openSession } from "../store/open-session.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { concurrencyOf } from "./run-file.ts";

/** Carries out the plans of a store until it is told to stop, or nothing moves by itself. */
export const work: Act = async (given, face) => {
  using interrupts = listenForInterrupts(face);
  const name = given.text("name");
  await using session = await openSession(given, face, {
    concurrency: concurrencyOf(given),
    ...(name === undefined ? {} : { name }),
  });
  const { planwright } = session;
  using _telling = planwright.onCommit((events) => tell(events, face));
  if (given.flag("untilIdle")) {
    await planwright.untilIdle(given.durationMs("maxWait") ?? 0, interrupts.soft);
  } else {
    face.note(`working on ${session.stores.description}`);
    await aborted(interrupts.soft);
  }
  const told = interrupts.soft.aborted;
  await planwright.drain(told ? interrupts.patienceMs : 0, interrupts.hard);
  return interrupts.hard.aborted ? EXIT.interrupted : EXIT.done;
};

function tell(events: readonly PlanEvent[], face: Face): void {
  for (const event of events) {
    if (isProgress(event)) face.note(`${event.planId}  ${eventLine(event)}`);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // The store's own timers do not keep a process alive that has nothing else to do.
  const alive = setInterval(() => undefined, 2 ** 30);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(alive);
}
