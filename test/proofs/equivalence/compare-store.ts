import type { TenantId } from "../../../src/core/id.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { project } from "../../../src/store/projection.ts";
import type { Page, Store, Stores } from "../../../src/store/store.ts";
import { snapshotPlan } from "../../../src/testing/snapshot-plan.ts";
import { compareDue } from "./compare-due.ts";
import { difference, sorted } from "./difference.ts";
import type { ExpectedPlan } from "./oracle.ts";
import type { Sequence } from "./sequence.ts";

/** Of so many rows is a page, so that lists have many. */
const PAGE = 7;
const FEED_PAGE = 113;

/** What a store says otherwise than the rules do, after some sequences: logs, rows and lists. */
export async function compareStore(
  stores: Stores,
  sequences: readonly Sequence[],
): Promise<readonly string[]> {
  const faults: string[] = [...(await stores.check())];
  const seen = await Promise.all(sequences.map((sequence) => compareSequence(stores, sequence)));
  faults.push(...seen.flat());
  const byTenant = Map.groupBy(sequences, ({ tenantId }) => tenantId);
  for (const [tenantId, its] of byTenant) {
    faults.push(...(await compareTenant(stores.forTenant(tenantId), tenantId, its)));
  }
  faults.push(...(await compareDue(stores, sequences)));
  return faults;
}

async function compareSequence(stores: Stores, sequence: Sequence): Promise<readonly string[]> {
  const store = stores.forTenant(sequence.tenantId);
  const faults: string[] = [];
  for (const [planId, expected] of sequence.oracle.plans) {
    const place = `${sequence.name}, tenant ${sequence.tenantId}, ${planId}`;
    for (const fault of await comparePlan(store, planId, expected)) {
      faults.push(`${place}: ${fault}`);
    }
  }
  return faults;
}

async function comparePlan(
  store: Store,
  planId: string,
  { plan, revision, events, hashes }: ExpectedPlan,
): Promise<readonly string[]> {
  const rows = project(plan, events);
  const requests = await readPages((cursor) => store.requests({ planId, limit: PAGE, ...cursor }));
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ["log", (await store.chain(planId)).map(({ event }) => event), events],
    ["hash chain", (await store.chain(planId)).map(({ hash }) => hash), hashes],
    ["text", await store.revision(planId, 1), revision],
    ["folded plan", await store.read(planId, snapshotPlan), snapshotPlan(plan)],
    ["steps", await store.steps(planId), rows.steps.map(({ row }) => row)],
    ["requests", requests, rows.requests],
    ["artifacts", await store.artifacts(planId), rows.artifacts],
    [
      "owners",
      await findOwners(store, rows),
      [...rows.requests.map(() => planId), ...rows.artifacts],
    ],
  ];
  return parts.flatMap(([what, found, expected]) => difference(what, found, expected));
}

/** The plan of each request, and each artifact, by their ids. */
async function findOwners(
  store: Store,
  { requests, artifacts }: Pick<ReturnType<typeof project>, "requests" | "artifacts">,
): Promise<readonly unknown[]> {
  return Promise.all([
    ...requests.map(({ id }) => store.findPlanOfRequest(id)),
    ...artifacts.map(({ id }) => store.findArtifact(id)),
  ]);
}

async function compareTenant(
  store: Store,
  tenantId: TenantId,
  sequences: readonly Sequence[],
): Promise<readonly string[]> {
  const plans = sequences.flatMap(({ oracle }) => [...oracle.plans.values()]);
  const projected = plans.map(({ plan, events }) => project(plan, events));
  const rows = projected.map(({ plan }) => plan);
  const tops = rows.filter(({ parentPlanId }) => parentPlanId === null);
  const done = rows.filter(({ status }) => status === "completed" || status === "failed");
  const requests = projected.flatMap((one) => one.requests);
  const open = requests.filter(({ status }) => status === "open");
  const parts: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
    ["list of plans", await listPlans(store, {}), rows],
    ["list of top plans", await listPlans(store, { parentPlanId: null }), tops],
    ["list of ended plans", await listPlans(store, { status: ["completed", "failed"] }), done],
    ["list of requests", await listRequests(store, {}), requests],
    ["list of open requests", await listRequests(store, { status: ["open"] }), open],
  ];
  return [
    ...parts.flatMap(([what, found, expected]) =>
      difference(what, sorted(found), sorted(expected)),
    ),
    ...compareFeed(await readFeed(store), new Map(plans.map((one) => [one.plan.id, one.events]))),
  ].map((fault) => `tenant ${tenantId}: ${fault}`);
}

function listPlans(store: Store, query: Parameters<Store["plans"]>[0]): Promise<unknown[]> {
  return readPages((cursor) => store.plans({ ...query, ...cursor, limit: PAGE }));
}

function listRequests(store: Store, query: Parameters<Store["requests"]>[0]): Promise<unknown[]> {
  return readPages((cursor) => store.requests({ ...query, ...cursor, limit: PAGE }));
}

async function readPages<T>(
  read: (cursor: { readonly cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor === null ? {} : { cursor });
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

async function readFeed(store: Store): Promise<readonly PlanEvent[]> {
  const events: PlanEvent[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<Store["feed"]>> = await store.feed(cursor, FEED_PAGE);
    if (page.events.length === 0) return events;
    events.push(...page.events);
    cursor = page.cursor;
  }
}

/** Every event of every plan, each plan's in their order. */
function* compareFeed(
  feed: readonly PlanEvent[],
  logs: ReadonlyMap<string, readonly PlanEvent[]>,
): Iterable<string> {
  const byPlan = Map.groupBy(feed, ({ planId }) => planId);
  for (const planId of new Set([...byPlan.keys(), ...logs.keys()])) {
    yield* difference(`feed of ${planId}`, byPlan.get(planId) ?? [], logs.get(planId) ?? []);
  }
}
