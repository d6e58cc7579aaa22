import { checkHistory } from "../../core/history/check-history.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { PlanRow } from "../../store/projection.ts";
import type { StoreReader } from "../../store/store.ts";
import { everyPlan } from "./every-plan.ts";
import { well, wrong, type Finding } from "./finding.ts";

const PAGE = 500;

/** Holds the log of every plan against the invariants. */
export async function checkHistories(store: StoreReader): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let plans = 0;
  let count = 0;
  for await (const plan of everyPlan(store)) {
    const events = await allEvents(store, plan.id);
    plans += 1;
    count += events.length;
    findings.push(...(await checkOne(store, plan, events)));
  }
  if (findings.length > 0) return findings;
  return [well("histories", `${plans} plans, ${count} events, every invariant holds`)];
}

async function checkOne(
  store: StoreReader,
  { id, revision: number }: PlanRow,
  events: readonly PlanEvent[],
): Promise<readonly Finding[]> {
  const revision = await store.revision(id, number);
  if (revision === null)
    return [wrong("histories", `${id}: its text (revision ${number}) is missing`)];
  return checkHistory(events, { revision }).map(({ invariant, message, seq, stepKey }) => {
    const place = seq === undefined ? id : `${id}/${seq}`;
    const step = stepKey === undefined ? "" : ` ${stepKey}:`;
    return wrong("histories", `${place}: ${invariant}:${step} ${message}`);
  });
}

async function allEvents(store: StoreReader, planId: string): Promise<readonly PlanEvent[]> {
  const all: PlanEvent[] = [];
  for (;;) {
    const events = await store.events(planId, { after: all.at(-1)?.seq ?? 0, limit: PAGE });
    all.push(...events);
    if (events.length < PAGE) return all;
  }
}
