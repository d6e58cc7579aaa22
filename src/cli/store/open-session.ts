import { dirname, resolve } from "node:path";
import type { Actor } from "../../core/actor.ts";
import { createPlanwright, machineUser } from "../../create-planwright.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import type { Planwright } from "../../planwright.ts";
import { StoreFault, type Stores } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { DEFAULT_STORE } from "../options.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { UsageFault } from "../usage-fault.ts";
import { openStores } from "./open-stores.ts";
import { storePlace } from "./store-place.ts";

/** A store that this process may write to. */
export interface Session extends AsyncDisposable {
  readonly planwright: Planwright;
  readonly stores: Stores;
  /** Aborted, with its fault, when the store has become too new for this release. */
  readonly outdated: AbortSignal;
  /** Resolves when what plans have to tell each other by now has been told; beside others, they do. */
  settle(): Promise<void>;
}

export interface SessionOptions {
  /** Attempts under way at once; none where a command only records something. */
  readonly concurrency?: number;
  readonly pools?: readonly string[];
  readonly name?: string;
  /** Whether a store that is not there is refused, instead of being made. */
  readonly mustExist?: boolean;
}

/**
 * Opens the store that is meant for writing. Where another process owns its file, the fault names
 * it, and nothing has been touched.
 */
export async function openSession(
  given: Given,
  face: Face,
  options: SessionOptions = {},
): Promise<Session> {
  const { concurrency = 0, pools, name, mustExist = false } = options;
  const actor = readActor(given);
  const runtime = createSystemRuntime();
  const outdated = new AbortController();
  const tell = tellOnce(face);
  const stores = await openStores(given, { runtime, mustExist });
  try {
    const planwright = await createPlanwright({
      store: stores,
      folder: workFolder(given),
      runtime,
      actor,
      concurrency,
      // Who only records something leaves the rest to those who carry out.
      carryOut: stores.exclusive || concurrency > 0,
      onFault: (error) => {
        tell(error);
        if (StoreFault.is(error) && error.code === "too-new") outdated.abort(error);
      },
      ...(pools === undefined ? {} : { pools }),
      ...(name === undefined ? {} : { name }),
    });
    return {
      planwright,
      stores,
      outdated: outdated.signal,
      settle: async () => (stores.exclusive ? settle(stores, runtime) : undefined),
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

/** Where workspaces lie: beside a file, and for a database where a file would be. */
function workFolder(given: Given): string {
  const place = storePlace(given);
  return dirname(place.kind === "file" ? place.path : resolve(DEFAULT_STORE));
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
