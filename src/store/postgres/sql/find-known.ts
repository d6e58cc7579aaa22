import type { CommandId } from "../../../core/id.ts";
import type { Session } from "../driver.ts";

/** Which of some commands have been answered before. */
export async function findKnown(
  session: Session,
  tenantNo: number,
  ids: readonly CommandId[],
): Promise<ReadonlySet<CommandId>> {
  const rows = await session.rows<{ id: string }>(
    "select id from commands where tenant_no = $1 and id = any ($2::text[]) order by id",
    tenantNo,
    ids,
  );
  return new Set(rows.map(({ id }) => id));
}
