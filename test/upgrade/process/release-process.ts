// A process of any release: it takes all code from the sources of that one. Each fault that it lives
// through is a line of standard error, with its code.
import { hash } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import type * as CreatePlanwright from "../../../src/create-planwright.ts";
import type * as DefineTool from "../../../src/executor/tool/define-tool.ts";
import type * as SystemRuntime from "../../../src/engine/system-runtime.ts";
import type * as Pure from "../../../src/format/create-pure.ts";
import type { Planwright } from "../../../src/planwright.ts";
import type * as Postgres from "../../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../../src/store/store.ts";
import { NO_STORE, ORDER, WORKING, type Order } from "./order.ts";
import { createWorkTool } from "./work-tool.ts";

const PATIENCE_MS = 30_000;

const order = JSON.parse(process.env[ORDER] ?? "null") as Order;
// Commands that it starts need not know it.
delete process.env[ORDER];
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());
let isTooNew = false;
const stores = await openStore();
const { createPlanwright } = await load<typeof CreatePlanwright>("create-planwright.ts");
const tools = await load<typeof DefineTool>("executor/tool/define-tool.ts");
const planwright = await createPlanwright({
  ...order,
  store: stores,
  tools: [createWorkTool(tools, order.witnessFolder, order.name)],
  folder: process.cwd(),
  carryOut: order.role === "worker",
  onFault: (error) => {
    tell(error);
    isTooNew ||= codeOf(error) === "too-new";
    if (isTooNew) stopping.abort();
  },
});
if (order.role === "client") await submitMany(planwright, order);
else if (order.role === "checker") for (const wrong of await stores.check()) console.log(wrong);
else await work();
await planwright.drain(isTooNew ? 0 : PATIENCE_MS);
await stores[Symbol.asyncDispose]();
process.exit(isTooNew ? NO_STORE : 0);

async function work(): Promise<void> {
  console.log(WORKING);
  while (!stopping.signal.aborted) await rest(60_000);
}

async function submitMany(
  to: Planwright,
  { document, everyMs }: Extract<Order, { role: "client" }>,
): Promise<void> {
  while (!stopping.signal.aborted) {
    const submitted = await to.submit(document, { start: true });
    if (!submitted.ok) throw new Error(submitted.refusal.message);
    console.log(submitted.plan.id);
    await rest(everyMs);
  }
}

async function openStore(): Promise<Stores> {
  const { openPostgres } = await load<typeof Postgres>("store/postgres/open-postgres.ts");
  const { createSystemRuntime } = await load<typeof SystemRuntime>("engine/system-runtime.ts");
  const { createPure } = await load<typeof Pure>("format/create-pure.ts");
  try {
    return await openPostgres({
      url: order.url,
      clock: createSystemRuntime(),
      pure: createPure((text) => hash("sha256", text)),
      applicationName: order.name,
      acceptDataLoss: true,
    });
  } catch (error) {
    tell(error);
    process.exit(NO_STORE);
  }
}

/** A module of the release. */
async function load<Module>(path: string): Promise<Module> {
  return (await import(join(order.release, "src", path))) as Module;
}

async function rest(ms: number): Promise<void> {
  await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
}

function tell(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`${codeOf(error)}: ${message}`);
}

function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), "code"));
}
