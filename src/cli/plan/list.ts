import { PLAN_STATUSES, type PlanStatus } from "../../core/plan/plan.ts";
import { formatTimestamp } from "../../core/timestamp.ts";
import type { PlanRow } from "../../store/projection.ts";
import type { PlanQuery } from "../../store/store.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { pageOf } from "../page.ts";
import type { Face } from "../screen/face.ts";
import { PLAN_FORMATS } from "../screen/status.ts";
import { clip, table } from "../screen/table.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { UsageFault } from "../usage-fault.ts";

/** Lists plans, the newest first. */
export const listPlans: Act = async (given, face) => {
  const query = queryOf(given);
  await using reading = await openReader(given);
  const { data, nextCursor } = await reading.plans.list(query);
  if (given.flag("json")) {
    face.data(visibleJson({ data: data.map(asJson), nextCursor }, 2));
    return EXIT.done;
  }
  if (data.length > 0) face.data(table(data.map((row) => rowOf(row, face))));
  else face.note("there are no such plans");
  if (nextCursor !== null) {
    face.note(`more: ${suggestCommand(given, "plan", "ls", "--cursor", nextCursor)}`);
  }
  return EXIT.done;
};

function queryOf(given: Given): PlanQuery {
  const status = given.list("status").map(readStatus);
  return {
    ...pageOf(given),
    ...(status.length === 0 ? {} : { status }),
    ...(given.flag("all") ? {} : { parentPlanId: null }),
  };
}

function readStatus(text: string): PlanStatus {
  const status = PLAN_STATUSES.find((one) => one === text);
  if (status === undefined) {
    throw new UsageFault(`${JSON.stringify(text)} is none of ${PLAN_STATUSES.join(", ")}`);
  }
  return status;
}

/** Times as everywhere outside: RFC 3339 in UTC. */
function asJson(row: PlanRow): object {
  return {
    ...row,
    createdAt: formatTimestamp(row.createdAt),
    startedAt: row.startedAt === null ? null : formatTimestamp(row.startedAt),
    endedAt: row.endedAt === null ? null : formatTimestamp(row.endedAt),
    updatedAt: formatTimestamp(row.updatedAt),
  };
}

function rowOf(row: PlanRow, face: Face): string[] {
  const ended =
    row.counts.succeeded + row.counts.failed + row.counts.skipped + row.counts.cancelled;
  return [
    row.id,
    face.paint(PLAN_FORMATS[row.status], row.partial ? `${row.status}*` : row.status),
    row.condition ?? "",
    `${ended}/${row.stepCount}`,
    row.openRequests === 0 ? "" : `${row.openRequests} open`,
    formatTimestamp(row.createdAt).slice(0, 16).replace("T", " "),
    clip(visible(row.name), 60),
  ];
}
