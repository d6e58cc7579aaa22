import { hash } from "node:crypto";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { Revision } from "../../../src/core/plan/plan.ts";
import { known } from "../../../src/core/known.ts";
import { createSystemRuntime } from "../../../src/engine/system-runtime.ts";
import { createPure } from "../../../src/format/create-pure.ts";
import { openSqliteReader } from "../../../src/store/sqlite/open-sqlite-reader.ts";
import type { PlanRow, RequestRow } from "../../../src/store/projection.ts";
import type { LeaseRow, StoresReader } from "../../../src/store/store.ts";

/** The log of one plan, with its text. */
export interface PlanLog {
  readonly row: PlanRow;
  readonly events: readonly PlanEvent[];
  readonly revision: Revision;
}

/** All that a store holds, read beside its owner or after it. */
export interface Book {
  /** Parents before their sub-plans. */
  readonly logs: readonly PlanLog[];
  readonly openRequests: readonly RequestRow[];
  readonly leases: readonly LeaseRow[];
}

const PAGE = 200;
const EVENTS_MAX = 100_000;

export function readBook(path: string): Promise<Book> {
  return reading(path, async (stores) => {
    const store = stores.forTenant("default");
    const { data } = await store.plans({ limit: PAGE });
    const logs: PlanLog[] = [];
    for (const row of data.toReversed()) {
      const events = await store.events(row.id, { limit: EVENTS_MAX });
      const revision = known(await store.revision(row.id, 1), `the text of ${row.id}`);
      logs.push({ row, events, revision });
    }
    const requests = await store.requests({ status: ["open"], limit: PAGE });
    return { logs, openRequests: requests.data, leases: await stores.leases() };
  });
}

/** What the store finds wrong with itself: its file, its hashes, and that its rows are its events. */
export function checkBook(path: string): Promise<readonly string[]> {
  return reading(path, (stores) => stores.check());
}

async function reading<T>(path: string, read: (stores: StoresReader) => Promise<T>): Promise<T> {
  const pure = createPure((text) => hash("sha256", text));
  await using stores = await openSqliteReader({ path, clock: createSystemRuntime(), pure });
  return await read(stores);
}
