import { hash } from "node:crypto";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { Revision } from "../../../src/core/plan/plan.ts";
import { known } from "../../../src/core/known.ts";
import { createSystemRuntime } from "../../../src/engine/system-runtime.ts";
import { createPure } from "../../../src/format/create-pure.ts";
import { openSqliteReader } from "../../../src/store/sqlite/open-sqlite-reader.ts";
import type { PlanRow, RequestRow } from "../../../src/store/projection.ts";
import type { LeaseRow, Page, StoreReader, StoresReader } from "../../../src/store/store.ts";

/** The log of one plan, with its text. */
export interface PlanLog {
  readonly row: PlanRow;
  readonly events: readonly PlanEvent[];
  /** Of the events, each made of the one before it. */
  readonly hashes: readonly string[];
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

export function readBook(path: string): Promise<Book> {
  return reading(path, async (stores) => {
    const store = stores.forTenant("default");
    const logs = (await Array.fromAsync(readLogs(store))).toReversed();
    const requests = await store.requests({ status: ["open"], limit: PAGE });
    return { logs, openRequests: requests.data, leases: await stores.leases() };
  });
}

/** The logs of all plans of a tenant, the newest first. */
export async function* readLogs(store: StoreReader): AsyncGenerator<PlanLog, void> {
  let cursor: string | null = null;
  do {
    const after: { cursor?: string } = cursor === null ? {} : { cursor };
    const page: Page<PlanRow> = await store.plans({ limit: PAGE, ...after });
    for (const row of page.data) {
      const chain = await store.chain(row.id);
      const text = await store.revision(row.id, row.revision);
      yield {
        row,
        events: chain.map(({ event }) => event),
        hashes: chain.map(({ hash }) => hash),
        revision: known(text, `the text of ${row.id}`),
      };
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
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
