import type { PlanRow } from "../../store/projection.ts";
import type { StoreReader } from "../../store/store.ts";

const PAGE = 200;

/** Every plan of a store, sub-plans among them, page by page. */
export async function* everyPlan(store: StoreReader): AsyncIterable<PlanRow> {
  let cursor: string | undefined;
  for (;;) {
    const from = cursor === undefined ? {} : { cursor };
    const { data, nextCursor } = await store.plans({ limit: PAGE, ...from });
    yield* data;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
