import { StoreFault, type StoreFaultCode, type Stores } from "../store/store.ts";
import { interceptStores, type StoreCall, type StoreOperation } from "./intercept-stores.ts";
import type { SimulatedRuntime } from "./simulated-runtime.ts";

export const FAULT_KINDS = [
  /** The call never arrives. */
  "fail-before",
  /** What was asked is done, and the answer is lost. */
  "fail-after",
  /** Another writer holds the lock for too long. */
  "busy",
  /** No room is left. */
  "full",
  /** The call, its answer or both take their time. */
  "delay",
  /** The call arrives a second time, later, and nobody waits for that answer. */
  "duplicate",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** How often each fault comes, 0 to 1 of the calls, and how long delays are. */
export type FaultRates = Readonly<Record<FaultKind, number>> & { readonly delayMsMax: number };

export const NO_FAULTS: FaultRates = {
  "fail-before": 0,
  "fail-after": 0,
  busy: 0,
  full: 0,
  delay: 0,
  duplicate: 0,
  delayMsMax: 0,
};

export interface FaultyStoresOptions {
  /** Whose clock, chance and timers make the faults; not that of the caller, who may die meanwhile. */
  readonly network: SimulatedRuntime;
  /** Who calls: part of the name that chance is drawn by. */
  readonly caller: string;
  /** Asked at each call, so that faults can be switched off. */
  readonly rates: () => FaultRates;
  readonly onFault?: (kind: FaultKind, operation: StoreOperation) => void;
}

/** Stores that fail as real ones do: before, after, late, twice. */
export function createFaultyStores(stores: Stores, options: FaultyStoresOptions): Stores {
  const faults = new Faults(options);
  return interceptStores(stores, (call, run) => faults.pass(call, run));
}

const WRITES: ReadonlySet<StoreOperation> = new Set<StoreOperation>([
  "commit",
  "appendProgress",
  "beginLease",
  "renewLease",
  "endLease",
  "endExpiredLeases",
  "recordProcess",
  "removeProcess",
]);

class Faults {
  readonly #options: FaultyStoresOptions;
  readonly #calls = new Map<string, number>();

  constructor(options: FaultyStoresOptions) {
    this.#options = options;
  }

  async pass<T>(call: StoreCall, run: () => Promise<T>): Promise<T> {
    const draws = this.#drawsOf(call);
    await this.#delay(draws, "there");
    if (draws("fail-before")) throw fault("unreachable", "the call was lost on its way");
    if (draws("busy")) throw fault("failed", "database is locked");
    if (draws("full")) throw fault("full", "no room is left");
    if (WRITES.has(call.operation) && draws("duplicate")) this.#repeat(run);
    const value = await run();
    await this.#delay(draws, "back");
    if (draws("fail-after")) throw fault("unreachable", "the answer was lost on its way");
    return value;
  }

  /** Chance by the name of this call: the same command sent again draws anew. */
  #drawsOf(call: StoreCall): Draws {
    const { network, caller, rates, onFault } = this.#options;
    const { operation, command } = call;
    const named = `${caller} ${operation} ${command?.id ?? ""}`;
    const times = (this.#calls.get(named) ?? 0) + 1;
    this.#calls.set(named, times);
    const current = rates();
    return (kind, ...more) => {
      if (network.chance("fault", kind, named, times, ...more) >= current[kind]) return false;
      onFault?.(kind, operation);
      return true;
    };
  }

  async #delay(draws: Draws, leg: string): Promise<void> {
    if (!draws("delay", leg)) return;
    const { network } = this.#options;
    const ms = this.#delayMs(leg);
    await new Promise<void>((resolve) => network.setTimer(ms, resolve));
  }

  #repeat<T>(run: () => Promise<T>): void {
    this.#options.network.setTimer(this.#delayMs("again"), () => void run().catch(() => undefined));
  }

  #delayMs(leg: string): number {
    const { network, caller, rates } = this.#options;
    const drawn = network.chance("delay", leg, caller, network.now());
    return Math.ceil(drawn * rates().delayMsMax) + 1;
  }
}

type Draws = (kind: FaultKind, ...more: readonly string[]) => boolean;

function fault(code: StoreFaultCode, message: string): StoreFault {
  return new StoreFault(code, message, { retryable: true });
}
