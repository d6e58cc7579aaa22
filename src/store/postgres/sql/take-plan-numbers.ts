import type { Session } from "../driver.ts";

/** As many numbers as the sequence grows by. */
const BLOCK = 100;

/** Numbers for plans to come, which nobody else will use. */
export async function takePlanNumbers(session: Session): Promise<readonly number[]> {
  const [row] = await session.rows<{ no: number }>("select nextval('plan_numbers') as no");
  const first = row?.no ?? 0;
  return Array.from({ length: BLOCK }, (_, index) => first + index);
}
