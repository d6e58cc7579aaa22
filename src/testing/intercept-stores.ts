import type { PlanCommand } from "../core/plan/command.ts";
import type { ArtifactStore, Store, Stores } from "../store/store.ts";

export const STORE_OPERATIONS = [
  "commit",
  "appendProgress",
  "read",
  "events",
  "chain",
  "revision",
  "feed",
  "plans",
  "requests",
  "steps",
  "findPlanOfRequest",
  "findArtifact",
  "artifacts",
  "progress",
  "limits",
  "changeLimit",
  "due",
  "leases",
  "isReferenced",
  "check",
  "beginLease",
  "renewLease",
  "endLease",
  "endExpiredLeases",
  "abandoned",
  "underWay",
  "recordProcess",
  "removeProcess",
  "putArtifact",
  "openArtifact",
] as const;
export type StoreOperation = (typeof STORE_OPERATIONS)[number];

/** One call of a store, on its way there. */
export interface StoreCall {
  readonly operation: StoreOperation;
  /** Of a commit. */
  readonly command?: PlanCommand;
}

/** Stands between a caller and a store: may put a call off, repeat it, or answer itself. */
export type Intercept = <T>(call: StoreCall, run: () => Promise<T>) => Promise<T>;

/** The same stores, every call of which goes through somebody's hands. */
export function interceptStores(
  stores: Stores,
  intercept: Intercept,
  options: { readonly exclusive?: boolean } = {},
): Stores {
  const through = <T>(operation: StoreOperation, run: () => Promise<T>): Promise<T> =>
    intercept({ operation }, run);
  return {
    description: stores.description,
    clock: stores.clock,
    exclusive: options.exclusive ?? stores.exclusive,
    artifactStore: interceptArtifacts(stores.artifactStore, through),
    forTenant: (tenantId) => interceptStore(stores.forTenant(tenantId), intercept),
    due: (query) => through("due", () => stores.due(query)),
    leases: () => through("leases", () => stores.leases()),
    isReferenced: (sha256) => through("isReferenced", () => stores.isReferenced(sha256)),
    check: () => through("check", () => stores.check()),
    beginLease: (holder, now, ttlMs) =>
      through("beginLease", () => stores.beginLease(holder, now, ttlMs)),
    renewLease: (workerId, now, ttlMs) =>
      through("renewLease", () => stores.renewLease(workerId, now, ttlMs)),
    endLease: (workerId) => through("endLease", () => stores.endLease(workerId)),
    endExpiredLeases: (now) => through("endExpiredLeases", () => stores.endExpiredLeases(now)),
    abandoned: (limit) => through("abandoned", () => stores.abandoned(limit)),
    underWay: (workerId) => through("underWay", () => stores.underWay(workerId)),
    listen: (hear) => stores.listen(hear),
    recordProcess: (process) => through("recordProcess", () => stores.recordProcess(process)),
    removeProcess: (process) => through("removeProcess", () => stores.removeProcess(process)),
    ...(stores.keepLease === undefined ? {} : { keepLease: stores.keepLease.bind(stores) }),
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}

function interceptStore(store: Store, intercept: Intercept): Store {
  const through = <T>(operation: StoreOperation, run: () => Promise<T>): Promise<T> =>
    intercept({ operation }, run);
  return {
    tenantId: store.tenantId,
    commit: (command, decide, settles) =>
      intercept({ operation: "commit", command }, () => store.commit(command, decide, settles)),
    changeLimit: (key, change) => through("changeLimit", () => store.changeLimit(key, change)),
    appendProgress: (chunks) => through("appendProgress", () => store.appendProgress(chunks)),
    read: (planId, look) => through("read", () => store.read(planId, look)),
    events: (planId, range) => through("events", () => store.events(planId, range)),
    chain: (planId, range) => through("chain", () => store.chain(planId, range)),
    revision: (planId, number) => through("revision", () => store.revision(planId, number)),
    feed: (after, limit) => through("feed", () => store.feed(after, limit)),
    plans: (query) => through("plans", () => store.plans(query)),
    requests: (query) => through("requests", () => store.requests(query)),
    steps: (planId) => through("steps", () => store.steps(planId)),
    findPlanOfRequest: (id) => through("findPlanOfRequest", () => store.findPlanOfRequest(id)),
    findArtifact: (id) => through("findArtifact", () => store.findArtifact(id)),
    artifacts: (planId) => through("artifacts", () => store.artifacts(planId)),
    progress: (query) => through("progress", () => store.progress(query)),
    limits: () => through("limits", () => store.limits()),
  };
}

function interceptArtifacts(
  artifacts: ArtifactStore,
  through: <T>(operation: StoreOperation, run: () => Promise<T>) => Promise<T>,
): ArtifactStore {
  return {
    put: (content) => through("putArtifact", () => artifacts.put(content)),
    open: (sha256) => through("openArtifact", () => artifacts.open(sha256)),
    locate: (sha256) => artifacts.locate(sha256),
    list: () => artifacts.list(),
    remove: (sha256) => artifacts.remove(sha256),
  };
}
