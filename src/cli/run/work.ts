import type { PlanEvent } from "../../core/plan/event.ts";
import { identifier } from "../../format/schema/plan-fields.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { eventLine, isProgress } from "../screen/event-line.ts";
import { visible } from "../screen/visible.ts";
import { openSession } from "../store/open-session.ts";
import { UsageFault } from "../usage-fault.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { concurrencyOf } from "./run-file.ts";

/** Carries out the plans of a store until it is told to stop, or nothing moves by itself. */
export const work: Act = async (given, face) => {
  using interrupts = listenForInterrupts(face);
  const name = readName(given);
  const pools = readPools(given);
  await using session = await openSession(given, face, {
    concurrency: concurrencyOf(given),
    ...(name === undefined ? {} : { name }),
    ...(pools === undefined ? {} : { pools }),
  });
  const { planwright, outdated } = session;
  const stop = AbortSignal.any([interrupts.soft, outdated]);
  using _telling = planwright.onCommit((events) => tell(events, face));
  if (given.flag("untilIdle")) {
    await planwright.untilIdle(given.durationMs("maxWait") ?? 0, stop);
  } else {
    face.note(`working on ${session.stores.description}`);
    await aborted(stop);
  }
  const told = interrupts.soft.aborted;
  await planwright.drain(told ? interrupts.patienceMs : 0, interrupts.hard);
  // Whoever starts it again starts the release that fits.
  if (outdated.aborted) return EXIT.storeUnavailable;
  return interrupts.hard.aborted ? EXIT.interrupted : EXIT.done;
};

function readPools(given: Given): readonly string[] | undefined {
  const text = given.text("pools");
  if (text === undefined) return undefined;
  const pools = text.split(",").map((name) => name.trim());
  const wrong = pools.find((name) => !identifier.safeParse(name).success);
  if (wrong === undefined) return [...new Set(pools)];
  throw new UsageFault(
    `--pools: ${JSON.stringify(wrong)} is no name of a pool (letters, digits, _ and -), such as in --pools default,gpu`,
  );
}

function readName(given: Given): string | undefined {
  const name = given.text("name");
  if (name === undefined || (name.trim() !== "" && name.length <= 200 && visible(name) === name)) {
    return name;
  }
  throw new UsageFault("--name takes a name of up to 200 printable characters");
}

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
