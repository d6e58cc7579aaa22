import { pageSize, readCursor } from "../cursor.ts";
import type { PlanRow, RequestRow } from "../projection.ts";
import type { Page, PlanQuery, RequestQuery } from "../store.ts";
import type { PlanTables } from "./tables.ts";

/** Plans of one tenant, the newest first; the cursor is the last one's number. */
export function listPlans(plans: readonly PlanTables[], query: PlanQuery): Page<PlanRow> {
  const { status, parentPlanId } = query;
  const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(query.cursor);
  const found = plans
    .filter(
      ({ no, row }) =>
        no < before &&
        (status === undefined || status.includes(row.status)) &&
        (parentPlanId === undefined || row.parentPlanId === parentPlanId),
    )
    .toSorted((left, right) => right.no - left.no);
  const size = pageSize(query.limit);
  const page = found.slice(0, size);
  return {
    data: page.map(({ row }) => row),
    nextCursor: found.length <= size ? null : String(page.at(-1)?.no),
  };
}

/** Requests of one tenant, the oldest first; the cursor is how many came before the rest. */
export function listRequests(
  requests: readonly RequestRow[],
  query: RequestQuery,
): Page<RequestRow> {
  const { status, planId } = query;
  const from = query.cursor === undefined ? 0 : readCursor(query.cursor);
  const found = requests
    .map((row, place) => ({ row, place: place + 1 }))
    .filter(
      ({ row, place }) =>
        place > from &&
        (status === undefined || status.includes(row.status)) &&
        (planId === undefined || row.planId === planId),
    );
  const size = pageSize(query.limit);
  const page = found.slice(0, size);
  return {
    data: page.map(({ row }) => row),
    nextCursor: found.length <= size ? null : String(page.at(-1)?.place),
  };
}
