import { known } from "../../core/known.ts";
import { evolve } from "../../core/plan/evolve.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { Revision } from "../../core/plan/plan.ts";
import { wakeups } from "../../core/wakeup.ts";
import { dueChanges } from "../due-changes.ts";
import type { HeldPlan } from "../held-plan.ts";
import type { Session } from "./driver.ts";
import { foldSoundly } from "./sql/fold-soundly.ts";

/** What has been written of a plan since it was folded. */
export interface News {
  readonly events: readonly { readonly hash: string; readonly body: string }[];
  readonly revisions: readonly { readonly body: string }[];
}

/** Reads what another process has written of a plan since. */
export async function readNews(session: Session, held: HeldPlan): Promise<News> {
  const [events, revisions] = await Promise.all([
    session.rows<{ hash: string; body: string }>(
      "select hash, body from events where plan_no = $1 and seq > $2 order by seq",
      held.no,
      held.plan.version,
    ),
    session.rows<{ body: string }>(
      "select body from revisions where plan_no = $1 and number > $2 order by number",
      held.no,
      held.plan.revision.number,
    ),
  ]);
  return { events, revisions };
}

/**
 * Folds the news into the plan, and what its rows say with it: they are what these events made them.
 * Where that fails, what is held is of no use any more.
 */
export function catchUp(held: HeldPlan, news: News): void {
  if (news.events.length > 0) foldSoundly(held.plan.id, () => foldNews(held, news));
}

function foldNews(held: HeldPlan, news: News): void {
  const texts = new Map<number, Revision>();
  for (const { body } of news.revisions) {
    const revision = JSON.parse(body) as Revision;
    texts.set(revision.number, revision);
  }
  const revisionOf = (number: number): Revision => known(texts.get(number), `revision ${number}`);
  const events: PlanEvent[] = [];
  for (const { hash, body } of news.events) {
    const event = JSON.parse(body) as PlanEvent;
    held.plan = evolve(held.plan, event, revisionOf);
    held.hash = hash;
    events.push(event);
  }
  dueChanges(held, wakeups(held.plan, events));
  held.rowStatus = held.plan.status;
}
