import { formatTimestamp } from "../../core/timestamp.ts";
import type { RequestRow } from "../../store/projection.ts";
import type { RequestQuery } from "../../store/store.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { pageOf } from "../page.ts";
import { clip, table } from "../screen/table.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { UsageFault } from "../usage-fault.ts";
import { isRequestStatus, REQUEST_STATUSES } from "./statuses.ts";

/** Lists what is asked of people; who has waited longest comes first. */
export const listRequests: Act = async (given, face) => {
  const query = queryOf(given);
  await using reading = await openReader(given);
  const { data, nextCursor } = await reading.plans.requests(query);
  if (given.flag("json")) {
    face.data(visibleJson({ data: data.map(asJson), nextCursor }, 2));
    return EXIT.done;
  }
  if (data.length > 0) face.data(table(data.map(rowOf)));
  else face.note("there are no such requests");
  if (nextCursor !== null) {
    face.note(`more: ${suggestCommand(given, "request", "ls", "--cursor", nextCursor)}`);
  }
  return EXIT.done;
};

function queryOf(given: Given): RequestQuery {
  const typed = given.list("status");
  const wrong = typed.find((status) => !isRequestStatus(status));
  if (wrong !== undefined) {
    throw new UsageFault(`${JSON.stringify(wrong)} is none of ${REQUEST_STATUSES.join(", ")}`);
  }
  const status = typed.filter(isRequestStatus);
  const planId = given.text("plan");
  return {
    ...pageOf(given),
    status: status.length === 0 ? ["open"] : status,
    ...(planId === undefined ? {} : { planId }),
  };
}

function asJson(row: RequestRow): object {
  return {
    ...row,
    createdAt: formatTimestamp(row.createdAt),
    dueAt: row.dueAt === null ? null : formatTimestamp(row.dueAt),
  };
}

function rowOf(row: RequestRow): string[] {
  return [
    row.id,
    row.kind,
    row.status,
    row.reason ?? "",
    row.planId,
    visible(row.stepKey ?? ""),
    clip(visible(row.title), 60),
  ];
}
