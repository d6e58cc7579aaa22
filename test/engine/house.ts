import { hash } from "node:crypto";
import type { StepDocument } from "../../src/core/plan/document.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { openMemory } from "../../src/store/memory/open-memory.ts";
import type { Stores } from "../../src/store/store.ts";
import { TEST_PURE } from "../../src/testing/given.ts";
import { interceptStores, type Intercept } from "../../src/testing/intercept-stores.ts";
import { SimulatedClock } from "../../src/testing/simulated-clock.ts";
import { SimulatedRuntime } from "../../src/testing/simulated-runtime.ts";
import { createCommitter } from "../../src/engine/committer.ts";
import { createLocalDispatcher } from "../../src/engine/dispatcher.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { Executor } from "../../src/engine/executor.ts";
import { Orchestrator } from "../../src/engine/orchestrator.ts";

const ANN = { kind: "person", id: "ann" } as const;
const HOLDER = { name: "one", host: "box", pid: 1, bootId: "boot" };

export interface HouseOptions {
  /** Carries out the commands of its plans. */
  readonly execute: Executor["execute"];
  /** Stands between the engine and the store. */
  readonly intercept?: (house: House) => Intercept;
  readonly concurrency?: number;
}

const sha256 = (content: Uint8Array): string => hash("sha256", content);
const pass: Intercept = (_call, run) => run();

/** One engine on a store in memory, in time that only the test lets pass. */
export class House {
  readonly clock: SimulatedClock = new SimulatedClock();
  readonly runtime: SimulatedRuntime;
  /** What the engine works on, before anything stands between. */
  readonly store: Stores;
  readonly orchestrator: Orchestrator;
  readonly engine: Engine;
  #isStarted = false;

  constructor({ execute, intercept, concurrency = 2 }: HouseOptions) {
    const { clock } = this;
    const runtime = new SimulatedRuntime({ clock, seed: 1, name: "one" });
    this.runtime = runtime;
    this.store = openMemory({ clock, pure: TEST_PURE, sha256 });
    const stores = interceptStores(this.store, intercept?.(this) ?? pass);
    const dispatcher = createLocalDispatcher();
    const committer = createCommitter({ stores, runtime, dispatcher });
    this.engine = new Engine({
      stores,
      runtime,
      pure: TEST_PURE,
      committer,
      dispatcher,
      executors: [{ capabilities: ["command"], execute }],
      holder: HOLDER,
      endProcess: async () => "gone",
      concurrency,
    });
    this.orchestrator = new Orchestrator({
      tenantId: "acme",
      stores,
      committer,
      runtime,
      toolEffects: new Map(),
      surroundings: () => null,
    });
  }

  /** A plan of such steps that has been started. */
  async begin(steps: Readonly<Record<string, StepDocument>>): Promise<string> {
    return this.clock.complete(async () => {
      if (!this.#isStarted) await this.engine.start();
      this.#isStarted = true;
      const document = { plan: "Test", policy: { approval: "none" }, steps } as const;
      const origin = { kind: "library", trust: "operator" } as const;
      const created = await this.orchestrator.create({ document, origin }, ANN);
      if (!created.ok) throw new Error(created.refusal.message);
      const { id } = created.plan;
      await this.orchestrator.submit(id, ANN);
      await this.orchestrator.start(id, ANN);
      return id;
    });
  }

  async endLease(): Promise<void> {
    const [lease] = await this.store.leases();
    await this.store.endLease(lease?.workerId ?? "");
  }

  async eventsOf(planId: string): Promise<readonly PlanEvent[]> {
    return this.orchestrator.store.events(planId, { limit: 1000 });
  }
}
