import type { Session } from "../driver.ts";

/** The first migration after a number that older releases cannot live with; null where there is none. */
export async function findNewer(session: Session, number: number): Promise<string | null> {
  const [row] = await session.rows<{ name: string }>(
    "select name from migrations where number > $1::bigint and breaking order by number limit 1",
    number,
  );
  return row?.name ?? null;
}
