import type { PlanEvent } from "../../core/plan/event.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { eventLine } from "../screen/event-line.ts";
import { visibleJson } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

const PAGE = 500;

/** Tells what has happened to a plan, and with `--follow` what still happens. */
export const showEvents: Act = async (given, face) => {
  const planId = given.argument(0);
  await using reading = await openReader(given);
  const exists = await reading.plans.store.read(planId, (plan) => plan.id);
  if (exists === null) return tellMissing(`plan ${planId}`, face);
  const after = given.count("after") ?? 0;
  const events = given.flag("follow")
    ? reading.plans.events(planId, { after, signal: face.unread })
    : soFar(reading, planId, after);
  const all: PlanEvent[] = [];
  for await (const event of events) {
    if (face.unread.aborted) break;
    if (given.flag("jsonl")) face.data(visibleJson(event));
    else if (given.flag("json")) all.push(event);
    else face.data(`${String(event.seq).padStart(4)}  ${eventLine(event)}`);
  }
  if (given.flag("json") && !given.flag("jsonl")) face.data(visibleJson({ data: all }, 2));
  return EXIT.done;
};

async function* soFar(reading: Reading, planId: string, after: number): AsyncIterable<PlanEvent> {
  for (let last = after; ;) {
    const events = await reading.plans.store.events(planId, { after: last, limit: PAGE });
    yield* events;
    if (events.length < PAGE) return;
    last = events.at(-1)?.seq ?? last;
  }
}
