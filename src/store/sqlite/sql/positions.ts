import type { Driver } from "../driver.ts";

/** Events of one tenant: numbers within it, over `tenant * 2^40`. */
const PER_TENANT = 2 ** 40;

/** The place in the log that is before all of a tenant's events. */
export function firstPosition(tenantNo: number): number {
  return tenantNo * PER_TENANT;
}

/** The number of a tenant's last event in its feed; 0 where there is none. */
export function lastFeedNumber(driver: Driver, tenantNo: number): number {
  const row = driver.find<{ position: number }>(
    "select position from events where position > ? and position < ? order by position desc limit 1",
    firstPosition(tenantNo),
    firstPosition(tenantNo + 1),
  );
  return row === undefined ? 0 : row.position - firstPosition(tenantNo);
}
