// A worker of the fleet: what `planwright worker` is, with a tool that tells the witness, lease times
// that can be short, and a book of everything that it sent and was told.
import { hash } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { createPlanwright } from "../../../src/create-planwright.ts";
import { createSystemRuntime } from "../../../src/engine/system-runtime.ts";
import { createPure } from "../../../src/format/create-pure.ts";
import { openPostgres } from "../../../src/store/postgres/open-postgres.ts";
import { StoreFault, type Stores } from "../../../src/store/store.ts";
import { witnessStores } from "../../../src/testing/faults/witness-stores.ts";
import { ClientBook } from "../client/client-book.ts";
import { createWorkTool } from "../plan/work-tool.ts";
import { doomedStores } from "./doomed-stores.ts";
import { NO_STORE, ORDER, type WorkerOrder } from "./worker-order.ts";

const PATIENCE_MS = 30_000;

const order = JSON.parse(process.env[ORDER] ?? "null") as WorkerOrder;
// Commands that it starts need not know it.
delete process.env[ORDER];
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());
using book = new ClientBook(order.folder, order.life);
const stores = await open();
const planwright = await createPlanwright({
  ...order,
  store: witnessStores(order.death === null ? stores : doomedStores(stores, order.death), book),
  tools: [createWorkTool(order.witnessFolder, order.life)],
  onFault: (error) => book.met(error),
});
await untilTold();
await planwright.drain(PATIENCE_MS);
await stores[Symbol.asyncDispose]();

async function open(): Promise<Stores> {
  const clock = createSystemRuntime();
  const pure = createPure((text) => hash("sha256", text));
  const artifacts = join(order.folder, "artifacts");
  try {
    return await openPostgres({
      url: order.url,
      clock,
      pure,
      artifacts,
      applicationName: order.name,
    });
  } catch (error) {
    if (!StoreFault.is(error) || !error.retryable) throw error;
    process.exit(NO_STORE);
  }
}

async function untilTold(): Promise<void> {
  const alive = setInterval(() => undefined, 2 ** 30);
  await new Promise<void>((resolve) => {
    if (stopping.signal.aborted) resolve();
    stopping.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(alive);
}
