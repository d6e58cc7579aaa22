import type { Given } from "./given.ts";
import { UsageFault } from "./usage-fault.ts";

const LIMIT_MAX = 200;

/** Which page of a list is meant. */
export function pageOf(given: Given): { readonly limit?: number; readonly cursor?: string } {
  const limit = given.count("limit");
  if (limit !== undefined && (limit < 1 || limit > LIMIT_MAX)) {
    throw new UsageFault(`--limit is 1 to ${LIMIT_MAX}`);
  }
  const cursor = given.text("cursor");
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
