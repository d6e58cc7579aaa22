import { canonicalJson } from "../../core/canonical-json.ts";
import { checkHistory } from "../../core/history/check-history.ts";
import { checkShared } from "../../core/history/check-shared.ts";
import { checkWitness } from "../../core/history/check-witness.ts";
import type { Violation } from "../../core/history/violation.ts";
import { whyNotQuiet } from "../../core/history/why-not-quiet.ts";
import type { Json } from "../../core/json.ts";
import { known } from "../../core/known.ts";
import { fold } from "../../core/plan/evolve.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import { isEnded, type Revision } from "../../core/plan/plan.ts";
import { formatTimestamp } from "../../core/timestamp.ts";
import type { ChainedEvent, Store, Stores } from "../../store/store.ts";
import { TEST_PURE } from "../given.ts";
import { findBrokenPromises } from "../find-broken-promises.ts";
import { snapshotPlan } from "../snapshot-plan.ts";
import { checkWorld, type Losses } from "./check-world.ts";
import type { Ledger } from "./ledger.ts";
import { TENANT } from "./simulated-process.ts";
import type { Cap } from "./swarm.ts";
import type { World } from "./world.ts";

export interface RunToCheck {
  readonly stores: Stores;
  readonly ledger: Ledger;
  readonly world: World;
  /** When attempts were told to be lost with their workers. */
  readonly losses: Losses;
  /** Whether programs of dead processes can be ended by the others. */
  readonly sameHost: boolean;
  readonly caps: readonly Cap[];
  /** Events in the order in which they were decided; null where that is not known of all of them. */
  readonly decided: readonly PlanEvent[] | null;
}

/** One plan as the store keeps it. */
export interface KeptPlan {
  readonly planId: string;
  readonly revision: Revision;
  readonly chain: readonly ChainedEvent[];
  readonly events: readonly PlanEvent[];
}

/** Every place where what is kept, told or done breaks a promise; each with its plan. */
export async function checkRun(run: RunToCheck): Promise<readonly string[]> {
  const store = run.stores.forTenant(TENANT);
  const plans = await keptPlans(store);
  const all = plans.flatMap(({ events }) => events);
  const found: string[] = [];
  for (const plan of plans) {
    found.push(...checkPlan(plan), ...(await checkFold(store, plan)));
    found.push(...checkWorld(plan, run));
  }
  found.push(...(await checkLosses(run)));
  found.push(...checkWitness(run.ledger.entries(), all).map(tell));
  found.push(...(await checkFeed(store, plans)));
  found.push(...checkCaps(plans, run));
  return [...found, ...(await run.stores.check())];
}

/** I15 over all plans. */
function checkCaps(
  plans: readonly KeptPlan[],
  { caps, decided }: Pick<RunToCheck, "caps" | "decided">,
): readonly string[] {
  if (decided === null) return [];
  const texts = new Map(plans.map(({ planId, revision }) => [planId, revision]));
  const limits = caps.map((cap) => ({ ...cap, tenantId: TENANT }));
  const textOf = (planId: string): Revision => known(texts.get(planId), planId);
  return checkShared([decided], { limits, textOf }).map(tell);
}

/** I26: why the plans of a run that was left alone have not come to rest. */
export async function checkQuiet(
  stores: Stores,
  now: number,
  isUnserved: (pool: string) => boolean,
): Promise<readonly string[]> {
  const plans = await keptPlans(stores.forTenant(TENANT));
  const rows = (await stores.forTenant(TENANT).plans({ limit: 200 })).data;
  const moving = new Set(rows.filter((row) => !isEnded(row.status)).map((row) => row.id));
  return plans.flatMap(({ planId, revision, events }) => {
    const poolOf = (key: string): string =>
      revision.document.steps[key.split(".")[0] ?? ""]?.pool ?? "default";
    const rest = {
      now: formatTimestamp(now),
      isServed: (key: string) => !isUnserved(poolOf(key)),
    };
    const restless = whyNotQuiet(events, { revision }, rest).map(tell);
    return [...restless, ...idleWaits(events, moving)].map((found) => `${planId}: ${found}`);
  });
}

/** A step that waits for a sub-plan which is not there, or is over. */
function* idleWaits(
  events: readonly PlanEvent[],
  moving: ReadonlySet<string>,
): Generator<string, void> {
  const waiting = new Map<string, string>();
  for (const event of events) {
    const { stepKey = "" } = event;
    if (event.type === "step.waiting" && event.data.childPlanId !== undefined) {
      waiting.set(stepKey, event.data.childPlanId);
    } else if (event.type.startsWith("step.")) waiting.delete(stepKey);
  }
  for (const [stepKey, child] of waiting) {
    if (!moving.has(child)) yield `I26 ${stepKey} waits for ${child}, which does not go on`;
  }
}

/** Every plan with all that is kept of it, the oldest first. */
export async function keptPlans(store: Store): Promise<readonly KeptPlan[]> {
  const kept: KeptPlan[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.plans({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id, revision: number } of page.data) {
      const chain = await store.chain(id);
      const revision = await store.revision(id, number);
      if (revision === null) throw new Error(`${id} has lost its text`);
      kept.push({ planId: id, revision, chain, events: chain.map(({ event }) => event) });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return kept.toReversed();
}

function checkPlan({ planId, revision, chain, events }: KeptPlan): readonly string[] {
  const violations = checkHistory(events, {
    revision,
    chain: {
      hashes: chain.map(({ hash }) => hash),
      digest: (text) => TEST_PURE.digest(text),
      canonical: (event) => canonicalJson(plain(event)),
    },
  });
  const promises = [...findBrokenPromises(events, revision, TEST_PURE)];
  return [...violations.map(tell), ...promises].map((found) => `${planId}: ${found}`);
}

/** Nobody is said to be gone whose lease has not ended. */
async function checkLosses({ stores, losses }: RunToCheck): Promise<readonly string[]> {
  const open = (await stores.leases()).filter(({ endedAt }) => endedAt === null);
  const living = new Set(open.map(({ workerId }) => workerId));
  return [...losses.values()]
    .filter(({ workerId }) => living.has(workerId))
    .map(({ workerId }) => `G3 ${workerId} is said to be gone, and is not`);
}

/** The plan that the store works with is the fold of what it has written. */
async function checkFold(store: Store, plan: KeptPlan): Promise<readonly string[]> {
  const folded = fold(plan.events, () => plan.revision);
  const held = await store.read(plan.planId, snapshotPlan);
  if (folded === null || held === null)
    return [`${plan.planId}: I20 it is kept and cannot be read`];
  const truth = snapshotPlan(folded);
  return held === truth ? [] : [`${plan.planId}: I20 held ${held}, its events add up to ${truth}`];
}

/** I14 of streams: the feed shows every event of every plan, once, in the order of each plan. */
async function checkFeed(store: Store, plans: readonly KeptPlan[]): Promise<readonly string[]> {
  const seen = new Map<string, number>();
  const found: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<Store["feed"]>> = await store.feed(after, 100);
    if (page.events.length === 0) break;
    for (const { planId, seq } of page.events) {
      const before = seen.get(planId) ?? 0;
      if (seq !== before + 1) found.push(`${planId}: I23 the feed has ${seq} after ${before}`);
      seen.set(planId, seq);
    }
    after = page.cursor;
  }
  for (const { planId, events } of plans) {
    const told = seen.get(planId) ?? 0;
    if (told !== events.length)
      found.push(`${planId}: I23 the feed ends at ${told} of ${events.length}`);
  }
  return found;
}

function tell({ invariant, message, seq, stepKey }: Violation): string {
  const place = [seq === undefined ? "" : `#${seq}`, stepKey ?? ""].filter((part) => part !== "");
  return [invariant, ...place, message].join(" ");
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
