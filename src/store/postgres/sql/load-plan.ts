import type { PlanId } from "../../../core/id.ts";
import { known } from "../../../core/known.ts";
import { evolve, type RevisionLookup } from "../../../core/plan/evolve.ts";
import type { Plan, PlanStatus, Revision } from "../../../core/plan/plan.ts";
import { laneKey } from "../../../core/step/ready-lanes.ts";
import type { HeldPlan } from "../../held-plan.ts";
import { StoreFault } from "../../store.ts";
import type { Session } from "../driver.ts";
import { openCheckpoint } from "./checkpoints.ts";
import { foldSoundly } from "./fold-soundly.ts";
import { toLane, toTimer, type LaneRow, type TimerRow } from "./read-due.ts";
import { parseEvent, readBodies } from "./read-events.ts";
import { parseRevision } from "./revisions.ts";

/**
 * A plan as its events add up, with what its rows say; null where there is none. All of it is as of
 * one moment, and comes in one round trip unless the log since the checkpoint is long.
 */
export async function loadPlan(
  session: Session,
  tenantNo: number,
  planId: PlanId,
): Promise<HeldPlan | null> {
  const [row] = await session.rows<Row>(PLAN, tenantNo, planId, true, PAGE);
  if (row === undefined) return null;
  const beginning = openBeginning(row);
  if (row.checkpoint === null || beginning !== null) return hold(session, row, beginning);
  // Its checkpoint was made by another release: it is folded anew.
  const [whole] = await session.rows<Row>(PLAN, tenantNo, planId, false, PAGE);
  return whole === undefined ? null : hold(session, whole, null);
}

/** Events that come with the rest of the plan, and again as many with each further round trip. */
const PAGE = 2000;

interface Row {
  readonly no: number;
  readonly id: PlanId;
  readonly status: string;
  readonly version: number;
  /** Of its last event. */
  readonly hash: string | null;
  readonly checkpoint: string | null;
  /** One in a line: no text of JSON has a line break in it. */
  readonly revisions: string | null;
  readonly events: string | null;
  readonly timers: readonly TimerRow[];
  readonly lanes: readonly LaneRow[];
}

const PLAN = `
  select plans.no, plans.id, plans.status, plans.version,
    (select hash from events where plan_no = plans.no and seq = plans.version) as hash,
    checkpoints.body as checkpoint,
    (select string_agg(body, chr(10) order by number) from revisions
     where plan_no = plans.no) as revisions,
    (select string_agg(body, chr(10) order by seq) from (
       select seq, body from events
       where plan_no = plans.no and seq > coalesce(checkpoints.seq, 0) and seq <= plans.version
       order by seq limit $4::bigint) as page) as events,
    (select coalesce(json_agg(json_build_object('step_key', step_key, 'at', at)), '[]')
     from due_timers where plan_no = plans.no) as timers,
    (select coalesce(json_agg(json_build_object('pool', pool, 'capability', capability,
         'alone', alone, 'at_once', at_once, 'at', at, 'priority', priority)), '[]')
     from due_lanes where plan_no = plans.no) as lanes
  from plans left join checkpoints on checkpoints.plan_no = plans.no and $3::boolean
  where plans.tenant_no = $1 and plans.id = $2`;

function openBeginning(row: Row): Plan | null {
  const { checkpoint } = row;
  if (checkpoint === null) return null;
  return foldSoundly(row.id, () => openCheckpoint(checkpoint, revisionsOf(row)));
}

async function hold(session: Session, row: Row, beginning: Plan | null): Promise<HeldPlan> {
  const plan = await fold(session, row, beginning);
  return {
    no: row.no,
    plan,
    hash: row.hash ?? "",
    checkpointAt: beginning?.version ?? 0,
    rowStatus: row.status as PlanStatus,
    timers: new Map(row.timers.map(toTimer).map(({ stepKey, at }) => [stepKey ?? "", at ?? 0])),
    lanes: new Map(row.lanes.map(toLane).map((lane) => [laneKey(lane.lane), lane])),
  };
}

async function fold(session: Session, row: Row, beginning: Plan | null): Promise<Plan> {
  const revisions = revisionsOf(row);
  let plan = beginning;
  let bodies = linesOf(row.events);
  for (;;) {
    const [before, page] = [plan, bodies];
    plan = foldSoundly(row.id, () => foldPage(before, page, revisions));
    const after = plan?.version ?? 0;
    if (plan !== null && after >= row.version) return plan;
    if (page.length === 0) throw torn(row, after);
    bodies = await readBodies(session, row.no, { after, upTo: row.version, limit: PAGE });
  }
}

function foldPage(
  beginning: Plan | null,
  bodies: readonly string[],
  revisions: RevisionLookup,
): Plan | null {
  let plan = beginning;
  for (const body of bodies) plan = evolve(plan, parseEvent(body), revisions);
  return plan;
}

function revisionsOf({ revisions }: Row): RevisionLookup {
  const texts = new Map<number, Revision>();
  for (const body of linesOf(revisions)) {
    const revision = parseRevision(body);
    texts.set(revision.number, revision);
  }
  return (number) => known(texts.get(number), `revision ${number}`);
}

function linesOf(text: string | null): readonly string[] {
  return text === null ? [] : text.split("\n");
}

function torn({ id, version }: Row, end: number): StoreFault {
  return new StoreFault("corrupt", `${id} is at event ${version}, and its log ends at ${end}`);
}
