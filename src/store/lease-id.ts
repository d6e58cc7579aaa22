import { deriveId, type WorkerId } from "../core/id.ts";
import type { LeaseHolder } from "./store.ts";

/** A worker's id: never the same twice in one store, by the number of the lease. */
export function leaseId(
  holder: LeaseHolder,
  now: number,
  number: number,
  digest: (text: string) => string,
): WorkerId {
  const { name, host, pid, bootId } = holder;
  const seed = ["lease", name, host, pid, bootId ?? "", now].join("\n");
  return deriveId("wrk", seed, number, digest);
}
