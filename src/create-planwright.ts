import { hash } from "node:crypto";
import { hostname, tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Actor } from "./core/actor.ts";
import type { Effect } from "./core/plan/document.ts";
import type { Pure } from "./core/pure.ts";
import { createCommitter } from "./engine/committer.ts";
import { createStoreDispatcher } from "./engine/dispatcher.ts";
import { Engine } from "./engine/engine.ts";
import type { Executor } from "./engine/executor.ts";
import { Orchestrator } from "./engine/orchestrator.ts";
import type { Runtime } from "./engine/runtime.ts";
import { createStoreRuntime } from "./engine/store-runtime.ts";
import { createSystemRuntime } from "./engine/system-runtime.ts";
import { createExecutors } from "./executor/create-executors.ts";
import { endProcessGroup } from "./executor/command/end-process-group.ts";
import { createStandardTools } from "./executor/tool/standard-tools.ts";
import type { Tool } from "./executor/tool/tool.ts";
import { createPure } from "./format/create-pure.ts";
import { Planwright } from "./planwright.ts";
import { isPostgresUrl } from "./store/postgres/postgres-url.ts";
import { openSqlite } from "./store/sqlite/open-sqlite.ts";
import type { LeaseHolder, LeaseTimes, Stores } from "./store/store.ts";

/** Below the working folder, where nothing else is said. */
const DEFAULT_FOLDER = ".planwright";

/** Where plans are kept, what they may call, and how much happens at once. */
export interface PlanwrightOptions {
  /**
   * A file (made where there is none), `postgres://user@host/database` (any number of processes may
   * work on one), `:memory:`, or an opened store, which then stays its opener's.
   */
  readonly store: string | Stores;
  /** On Postgres: the folder of the artifacts, which all processes share; `.planwright/artifacts` if not said. */
  readonly artifacts?: string;
  /** On Postgres: work on a database that may lose in a crash what it has acknowledged. */
  readonly acceptDataLoss?: boolean;
  /** Functions that plans may call by name, besides `std.*`. */
  readonly tools?: readonly Tool[];
  /** Executors of the program's own. */
  readonly executors?: readonly Executor[];
  readonly tenantId?: string;
  /** Who acts where a call does not say; the user of the machine, unverified, if not said. */
  readonly actor?: Actor;
  /**
   * What this worker is called; whoever starts under a living worker's name ends its lease. On
   * Postgres a name of its own for each process, if not said.
   */
  readonly name?: string;
  /** False: plans are kept and decided on, but nothing is carried out here. */
  readonly carryOut?: boolean;
  /** Attempts under way at once in this process; 32 if not said. */
  readonly concurrency?: number;
  readonly pools?: readonly string[];
  /** Commands of plans that are not the operator's own run even where there is no sandbox. */
  readonly unsafeExec?: boolean;
  /** Where workspaces lie; beside the file of the store, on Postgres in `.planwright`, if not said. */
  readonly folder?: string;
  readonly runtime?: Runtime;
  readonly leaseTimes?: LeaseTimes;
  readonly graceMs?: number;
  readonly onFault?: (error: unknown) => void;
}

/** Opens a store and begins to carry out what is due in it. Dispose of it to stop. */
export async function createPlanwright(options: PlanwrightOptions): Promise<Planwright> {
  const system = options.runtime ?? createSystemRuntime();
  const pure = createPure((text) => hash("sha256", text));
  const { store } = options;
  if (typeof store !== "string") return assemble(options, store, system, pure);
  const stores = await openStore(store, options, system, pure);
  try {
    return await assemble(options, stores, system, pure);
  } catch (error) {
    await stores[Symbol.asyncDispose]();
    throw error;
  }
}

async function openStore(
  store: string,
  { artifacts = join(DEFAULT_FOLDER, "artifacts"), acceptDataLoss = false }: PlanwrightOptions,
  clock: Runtime,
  pure: Pure,
): Promise<Stores> {
  if (!isPostgresUrl(store)) return openSqlite({ path: store, clock, pure });
  const { openPostgres } = await import("./store/postgres/open-postgres.ts");
  const folder = resolve(artifacts);
  return openPostgres({ url: store, clock, pure, artifacts: folder, acceptDataLoss });
}

async function assemble(
  options: PlanwrightOptions,
  stores: Stores,
  system: Runtime,
  pure: Pure,
): Promise<Planwright> {
  const runtime = createStoreRuntime(system, stores.clock);
  const dispatcher = createStoreDispatcher(stores);
  const committer = createCommitter({ stores, runtime, dispatcher, onFault: options.onFault });
  const tools = [...createStandardTools(), ...(options.tools ?? [])];
  const toolEffects = new Map<string, Effect>(tools.map((tool) => [tool.name, tool.effect]));
  const executors = createExecutors({
    tools: options.tools ?? [],
    others: options.executors ?? [],
    unsafeExec: options.unsafeExec ?? false,
    storeFolder: storeFolderOf(options),
  });
  const engine =
    options.carryOut === false
      ? null
      : new Engine({
          ...options,
          stores,
          runtime,
          pure,
          committer,
          dispatcher,
          executors,
          holder: holderOf(options.name ?? defaultName(stores, runtime)),
          endProcess: endProcessGroup,
        });
  const tenantId = options.tenantId ?? "default";
  const pools = options.pools ?? ["default"];
  const orchestrator = new Orchestrator({
    tenantId,
    stores,
    committer,
    runtime,
    toolEffects,
    // Beside others nobody knows who carries out what.
    surroundings: () =>
      engine === null || !stores.exclusive
        ? null
        : [{ pools, capabilities: engine.worker.capabilities }],
  });
  await engine?.start();
  return new Planwright({
    orchestrator,
    engine,
    committer,
    runtime,
    stores,
    ownsStores: typeof options.store === "string",
    toolNames: new Set(toolEffects.keys()),
    kinds: new Set(executors.flatMap((executor) => executor.capabilities)),
    actor: options.actor ?? machineUser(),
  });
}

/** The user of the machine, as the system names them; nobody has checked it. */
export function machineUser(): Actor {
  return { kind: "person", id: userName(), verified: false };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

function storeFolderOf({ folder, store }: PlanwrightOptions): string {
  if (folder !== undefined) return resolve(folder);
  if (typeof store === "string" && isPostgresUrl(store)) return resolve(DEFAULT_FOLDER);
  if (typeof store === "string" && store !== ":memory:") return dirname(resolve(store));
  return join(tmpdir(), `planwright-${process.pid}`);
}

/** Where many work, two that were given no name must not take each other's lease. */
function defaultName({ exclusive }: Stores, runtime: Runtime): string {
  if (exclusive) return "local";
  // Containers may share a host's name, and number their processes alike.
  return `${hostname()}-${process.pid}-${runtime.uuid().slice(-6)}`;
}

function holderOf(name: string): LeaseHolder {
  return { name, host: hostname(), pid: process.pid, bootId: readBootId() };
}

/** Linux tells one start of the machine from another; elsewhere pids are judged by time alone. */
function readBootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}
