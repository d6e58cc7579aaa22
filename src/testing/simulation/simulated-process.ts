import type { Pure } from "../../core/pure.ts";
import { createCommitter } from "../../engine/committer.ts";
import { createLocalDispatcher } from "../../engine/dispatcher.ts";
import { Engine } from "../../engine/engine.ts";
import { Orchestrator } from "../../engine/orchestrator.ts";
import type { LeaseHolder, Stores } from "../../store/store.ts";
import type { Chance } from "../chance.ts";
import { createFaultyStores, type FaultRates } from "../faulty-stores.ts";
import { interceptStores, type StoreCall } from "../intercept-stores.ts";
import type { SimulatedClock } from "../simulated-clock.ts";
import { SimulatedRuntime } from "../simulated-runtime.ts";
import type { Ledger } from "./ledger.ts";
import { createScriptedExecutor } from "./scripted-executor.ts";
import type { Sightings } from "./sightings.ts";
import type { ScriptRates } from "./swarm.ts";
import type { World } from "./world.ts";

/** What all processes of a simulation share, and what differs from seed to seed. */
export interface Surroundings {
  readonly seed: number;
  readonly clock: SimulatedClock;
  /** The one store, before any fault. */
  readonly stores: Stores;
  readonly pure: Pure;
  readonly network: SimulatedRuntime;
  readonly world: World;
  readonly ledger: Ledger;
  readonly sightings: Sightings;
  readonly faults: () => FaultRates;
  readonly scripts: () => ScriptRates;
  readonly sameHost: boolean;
  /** Whether nobody else works on the store. */
  readonly exclusive: boolean;
  readonly tell: (what: string) => void;
  /** Whose life each worker is. */
  readonly workers: Map<string, SimulatedRuntime>;
}

export const TENANT = "acme";

/** One process that begins, dies, hangs and begins again, always under the same name. */
export class SimulatedProcess {
  readonly name: string;
  readonly #around: Surroundings;
  readonly #chance: Chance;
  readonly #pools: readonly string[];
  #life: Life | null = null;
  #lives = 0;
  #isCutOff = false;

  constructor(name: string, around: Surroundings, chance: Chance, pools: readonly string[]) {
    this.name = name;
    this.#around = around;
    this.#chance = chance;
    this.#pools = pools;
  }

  get hasLived(): boolean {
    return this.#lives > 0;
  }

  get state(): "running" | "stopped" | "gone" {
    const state = this.#life?.runtime.state ?? "killed";
    return state === "killed" ? "gone" : state;
  }

  /** Through which clients act; null while it is not there. */
  get orchestrator(): Orchestrator | null {
    return this.state === "running" ? (this.#life?.orchestrator ?? null) : null;
  }

  /** Begins a life; it ends at once where the store cannot be had. */
  begin(skewMs: number): void {
    if (this.#life !== null && this.#life.runtime.state !== "killed") return;
    this.#lives += 1;
    const life = this.#createLife(`${this.name}#${this.#lives}`, skewMs);
    this.#life = life;
    this.#around.tell(`${life.runtime.name} begins`);
    void life.engine.start().catch((error: unknown) => {
      this.#around.sightings.see("process cannot begin");
      this.#end(life, `cannot begin: ${String(error)}`);
    });
  }

  kill(): void {
    if (this.#life !== null) this.#end(this.#life, "is killed");
  }

  stop(): void {
    this.#around.tell(`${this.name} is stopped`);
    this.#life?.runtime.stop();
  }

  resume(): void {
    if (this.state !== "stopped") return;
    this.#around.tell(`${this.name} goes on`);
    this.#life?.runtime.resume();
  }

  /** Ends in good order, and is gone. */
  drain(patienceMs: number): void {
    const life = this.#life;
    if (life === null || this.state !== "running") return;
    this.#around.tell(`${life.runtime.name} drains`);
    void life.engine.drain(patienceMs).then(
      () => this.#end(life, "has drained"),
      (error: unknown) => this.#end(life, `does not drain: ${String(error)}`),
    );
  }

  cutOff(isCutOff: boolean): void {
    this.#isCutOff = isCutOff;
  }

  /** How far its clock is from the truth. */
  get skewMs(): number {
    return this.#life?.runtime.skewMs ?? 0;
  }

  setClock(skewMs: number): void {
    if (this.#life !== null) this.#life.runtime.skewMs = skewMs;
  }

  #end(life: Life, why: string): void {
    if (life.runtime.state === "killed") return;
    life.runtime.kill();
    this.#around.tell(`${life.runtime.name} ${why}`);
  }

  #createLife(name: string, skewMs: number): Life {
    const { seed, clock, pure, world, scripts, sightings } = this.#around;
    const runtime = new SimulatedRuntime({ clock, seed, name, skewMs });
    const stores = this.#storesOf(runtime);
    const dispatcher = createLocalDispatcher();
    const committer = createCommitter({ stores, runtime, dispatcher });
    const die = (): void => {
      sightings.see("process dies of its work");
      runtime.kill();
    };
    const engine = new Engine({
      stores,
      runtime,
      pure,
      committer,
      dispatcher,
      executors: [createScriptedExecutor({ seed, world, rates: scripts, die })],
      holder: this.#holder(),
      endProcess: (process) => this.#endProgram(process),
      pools: this.#pools,
      concurrency: this.#chance.between(1, 6, "concurrency"),
      graceMs: this.#chance.pick([500, 10_000], "grace"),
      onFault: () => sightings.see("fault lived through"),
    });
    const orchestrator = new Orchestrator({
      tenantId: TENANT,
      stores,
      committer,
      runtime,
      toolEffects: new Map([["work", "repeatable"]]),
      surroundings: () => null,
    });
    return { runtime, engine, orchestrator };
  }

  #holder(): LeaseHolder {
    const { sameHost } = this.#around;
    const host = sameHost ? "shared" : this.name;
    return { name: this.name, host, pid: this.#lives, bootId: `${host}-boot` };
  }

  async #endProgram(process: { readonly pid: number }): Promise<"gone" | "alive"> {
    if (this.#chance.happens(0.1, "clings", process.pid, this.#around.clock.now())) return "alive";
    this.#around.sightings.see("program ended by who took over");
    this.#around.world.endProgram(process);
    return "gone";
  }

  /** The shared store as this life sees it: over a network that fails, and silent once it is dead. */
  #storesOf(runtime: SimulatedRuntime): Stores {
    const { stores, network, faults, sightings, exclusive } = this.#around;
    const faulty = createFaultyStores(stores, {
      network,
      caller: runtime.name,
      rates: () =>
        this.#isCutOff ? { ...faults(), "fail-before": 0.6, "fail-after": 0.8 } : faults(),
      onFault: (kind, operation) => sightings.see(`fault ${kind} ${operation}`),
    });
    return interceptStores(faulty, (call, run) => this.#send(runtime, call, run), { exclusive });
  }

  async #send<T>(runtime: SimulatedRuntime, call: StoreCall, run: () => Promise<T>): Promise<T> {
    if (runtime.state !== "running") {
      await new Promise<void>((resolve) => runtime.whenRunning(resolve));
    }
    const { command, operation } = call;
    if (command === undefined) {
      const answer = await runtime.receive(run());
      if (operation === "beginLease") this.#around.workers.set(String(answer), runtime);
      return answer;
    }
    this.#around.ledger.sent(command);
    const answer = await runtime.receive(run());
    this.#around.ledger.answered(command, answer as Parameters<Ledger["answered"]>[1]);
    return answer;
  }
}

interface Life {
  readonly runtime: SimulatedRuntime;
  readonly engine: Engine;
  readonly orchestrator: Orchestrator;
}
