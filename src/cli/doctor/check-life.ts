import { formatTimestamp } from "../../core/timestamp.ts";
import type { StoreReader } from "../../store/store.ts";
import { isLiving, type Carrier } from "../store/carrier.ts";
import type { Reading } from "../store/open-reader.ts";
import { everyPlan } from "./every-plan.ts";
import { note, well, wrong, type Finding } from "./finding.ts";

/** Who works on a store, and what dead workers have left under way. */
export async function checkWorkers(
  { stores, plans: { store }, exclusive, runtime }: Reading,
  carriers: readonly Carrier[],
): Promise<readonly Finding[]> {
  const isCarriedOut = carriers.length > 0;
  const now = runtime.now();
  // At the owner of a file only its own worker lives, however long ago it was renewed.
  const living = new Set(
    (await stores.leases())
      .filter((lease) => (exclusive ? lease.endedAt === null : isLiving(lease, now)))
      .map(({ workerId }) => workerId),
  );
  const left: string[] = [];
  for await (const plan of everyPlan(store)) {
    if (plan.counts.running === 0) continue;
    for (const { stepKey, attempt, workerId } of await store.steps(plan.id)) {
      const isHeld = workerId !== null && isCarriedOut && living.has(workerId);
      if (workerId !== null && !isHeld) left.push(`${plan.id} ${stepKey} (attempt ${attempt})`);
    }
  }
  const who = carriers.map(
    ({ name, host, pid, since }) => `process ${pid} on ${host} (${name}) since ${since}`,
  );
  const next = !isCarriedOut ? "the next worker" : exclusive ? "its owner" : "another worker";
  return [
    ...(isCarriedOut ? who : ["nobody carries out its plans now"]).map((one) =>
      well("workers", one),
    ),
    ...left.map((what) => note("workers", `${what} was left by its worker: ${next} takes it over`)),
  ];
}

/** Effects in doubt that a person must look at, and how long people have been waited for. */
export async function checkRequests(store: StoreReader, now: number): Promise<readonly Finding[]> {
  const { data, nextCursor } = await store.requests({ status: ["open"], limit: 200 });
  const doubts = data.filter(
    ({ reason }) => reason === "ambiguous-effect" || reason === "set-aside",
  );
  const overdue = data.filter(({ dueAt }) => dueAt !== null && dueAt < now);
  const count = `${data.length}${nextCursor === null ? "" : " or more"}`;
  return [
    well("requests", `${count} open`),
    ...doubts.map(({ id, planId, stepKey, reason }) =>
      note("requests", `${planId} ${stepKey} waits for a person (${reason}): request show ${id}`),
    ),
    ...overdue.map(({ id }) => note("requests", `${id} is due: the next worker lets it expire`)),
  ];
}

/** More than this behind the log is no matter of rounding. */
const BEHIND_MS = 1000;

/** Whether the clock of this machine agrees with what the log says has happened. */
export async function checkClock(store: StoreReader, now: number): Promise<readonly Finding[]> {
  let last = 0;
  for await (const { updatedAt } of everyPlan(store)) last = Math.max(last, updatedAt);
  if (last <= now + BEHIND_MS) return [well("clock", formatTimestamp(now))];
  const times = `it says ${formatTimestamp(now)}, and the last event was at ${formatTimestamp(last)}`;
  return [wrong("clock", `the clock is behind the log: ${times}`)];
}
