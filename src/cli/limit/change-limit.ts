import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import type { LimitChange } from "../../store/limit-change.ts";
import type { Store } from "../../store/store.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { table } from "../screen/table.ts";
import { visibleJson } from "../screen/visible.ts";
import { openStores } from "../store/open-stores.ts";
import { limitJson, limitRow } from "./show-limit.ts";

/** What a command makes of a limit. */
export interface Wanted {
  readonly tenant: string;
  readonly key: LimitKey;
  readonly change: LimitChange;
  /** Whether a store that is not there is refused, instead of being made. */
  readonly mustExist: boolean;
}

/** Changes a limit, shows what it is now, and hands over what is under way for notes. */
export async function changeLimit(
  given: Given,
  face: Face,
  { tenant, key, change, mustExist }: Wanted,
  note: (store: Store, before: SharedLimit | undefined) => Promise<string | null>,
): Promise<void> {
  const runtime = createSystemRuntime();
  await using stores = await openStores(given, { runtime, mustExist });
  const store = stores.forTenant(tenant);
  const before = (await store.limits()).find((limit) => limit.key === key);
  const limit = await store.changeLimit(key, change);
  if (given.flag("json")) face.data(visibleJson(limitJson(limit, tenant), 2));
  else face.data(table([limitRow(limit, tenant)]));
  const text = await note(store, before);
  if (text !== null) face.note(text);
}

/** Attempts under way of a tenant. */
export async function countUnderWay(store: Store): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const at: { readonly cursor?: string } = cursor === null ? {} : { cursor };
    const page = await store.plans({ status: ["executing"], limit: 200, ...at });
    for (const { counts } of page.data) count += counts.running;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
}
