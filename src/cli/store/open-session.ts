import { hash } from "node:crypto";
import { dirname } from "node:path";
import type { Actor } from "../../core/actor.ts";
import { createPlanwright, machineUser } from "../../create-planwright.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { createPure } from "../../format/create-pure.ts";
import type { Planwright } from "../../planwright.ts";
import { openSqlite } from "../../store/sqlite/open-sqlite.ts";
import type { Stores } from "../../store/store.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { UsageFault } from "../usage-fault.ts";
import { storePath } from "./store-path.ts";

/** A store of which this process is the owner, and what carries out its plans. */
export interface Session extends AsyncDisposable {
  readonly planwright: Planwright;
  readonly stores: Stores;
  /** Resolves when what plans have to tell each other by now has been told. */
  settle(): Promise<void>;
}

export interface SessionOptions {
  /** Attempts under way at once; none where a command only records something. */
  readonly concurrency?: number;
  readonly name?: string;
}

/**
 * Opens the store that is meant as its owner. Where another process is, the fault names it, and
 * nothing has been touched.
 */
export async function openSession(
  given: Given,
  face: Face,
  { concurrency = 0, name }: SessionOptions = {},
): Promise<Session> {
  const path = storePath(given);
  const actor = readActor(given);
  const runtime = createSystemRuntime();
  const pure = createPure((text) => hash("sha256", text));
  const stores = await openSqlite({ path, clock: runtime, pure, command: given.command });
  try {
    const planwright = await createPlanwright({
      store: stores,
      folder: dirname(path),
      runtime,
      actor,
      concurrency,
      onFault: tellOnce(face),
      ...(name === undefined ? {} : { name }),
    });
    return {
      planwright,
      stores,
      settle: () => settle(stores, runtime),
      [Symbol.asyncDispose]: async () => {
        await planwright[Symbol.asyncDispose]();
        await stores[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await stores[Symbol.asyncDispose]();
    throw error;
  }
}

function readActor(given: Given): Actor {
  const name = given.text("as");
  if (name === undefined) return machineUser();
  if (name.trim() === "" || name.length > 200 || visible(name) !== name) {
    throw new UsageFault("--as takes a name of up to 200 printable characters");
  }
  return { kind: "person", id: name, verified: false };
}

/** The engine lives through faults and tries again: each is told once. */
function tellOnce(face: Face): (error: unknown) => void {
  const told = new Set<string>();
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (told.has(message)) return;
    told.add(message);
    face.complain(`planwright: ${visible(message)}`);
  };
}

const SETTLE_LOOK_MS = 5;
/** What is not told by then is told by whoever owns the store next. */
const SETTLE_PATIENCE_MS = 2000;

async function settle(stores: Stores, runtime: Runtime): Promise<void> {
  const query = { limit: 1, pools: [], capabilities: new Set<string>(), timersOnly: true };
  const began = runtime.monotonic();
  while (runtime.monotonic() - began < SETTLE_PATIENCE_MS) {
    const { due } = await stores.due({ ...query, now: runtime.now() });
    if (due.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    runtime.setTimer(SETTLE_LOOK_MS, resolve);
    await promise;
  }
}
