import { hash } from "node:crypto";
import type { PlanEvent } from "../../core/plan/event.ts";
import { isEnded } from "../../core/plan/plan.ts";
import { openMemory } from "../../store/memory/open-memory.ts";
import { openSqlite } from "../../store/sqlite/open-sqlite.ts";
import type { Stores } from "../../store/store.ts";
import { Chance } from "../chance.ts";
import { createFaultyDriver } from "../faulty-driver.ts";
import { NO_FAULTS } from "../faulty-stores.ts";
import { TEST_PURE } from "../given.ts";
import { SimulatedClock } from "../simulated-clock.ts";
import { SimulatedRuntime } from "../simulated-runtime.ts";
import { Chaos } from "./chaos.ts";
import { checkQuiet, checkRun, keptPlans, type KeptPlan } from "./check-run.ts";
import { drawInputs, drawPlan } from "./draw-plan.ts";
import { UNSERVED_POOL } from "./draw-step.ts";
import type { Loss } from "./check-world.ts";
import { Ledger } from "./ledger.ts";
import { observeStores } from "./observe-stores.ts";
import { Operators, type Wanted } from "./operators.ts";
import { Sightings } from "./sightings.ts";
import { SimulatedProcess, TENANT, type Surroundings } from "./simulated-process.ts";
import { CALM_SCRIPTS, drawSwarm, type Swarm } from "./swarm.ts";
import { checkTranscripts, Watchers } from "./watchers.ts";
import { attemptKey, World } from "./world.ts";

export interface SimulateOptions {
  /** What of the seed's own swarm is to be otherwise. */
  readonly swarm?: Partial<Swarm>;
  /** Plans of the seed that are left out, by their number from 1. */
  readonly withoutPlans?: readonly number[];
}

/** What came of one seed. */
export interface SimulationReport {
  readonly seed: number;
  /** Broken promises; empty where all is well. */
  readonly violations: readonly string[];
  /** What happened to processes, in order, each with its second. */
  readonly story: readonly string[];
  /** Of all events in the order of their commits: the same seed gives the same. */
  readonly digest: string;
  readonly events: number;
  /** Every plan with its log, as the store kept it. */
  readonly plans: readonly KeptPlan[];
  readonly simulatedMs: number;
  readonly sightings: Sightings;
  readonly swarm: Swarm;
}

/** Twice the time of a lease, and 10 s. */
const REST_MS = 40_000;
const STEP_MS = 5000;
/** Nothing that is drawn takes longer than this by itself. */
const QUIET_BY_MS = 20 * 60_000;
const TIDY_BY_MS = 30 * 60_000;

/** Carries out one seed on the real engine and a real store: faults, then calm, then tidying up. */
export async function simulate(
  seed: number,
  options: SimulateOptions = {},
): Promise<SimulationReport> {
  const simulation = new Simulation(seed, options);
  return simulation.run();
}

class Simulation {
  readonly #seed: number;
  readonly #chance: Chance;
  readonly #swarm: Swarm;
  readonly #options: SimulateOptions;
  readonly #clock = new SimulatedClock();
  readonly #sightings = new Sightings();
  readonly #ledger = new Ledger();
  readonly #world = new World(this.#clock);
  readonly #network: SimulatedRuntime;
  readonly #workers = new Map<string, SimulatedRuntime>();
  readonly #losses = new Map<string, Loss>();
  readonly #decided: PlanEvent[] = [];
  readonly #story: string[] = [];
  readonly #violations: string[] = [];
  readonly #beganAt = this.#clock.now();
  /** In true time, whatever the log says: a clock that was ahead holds up nothing that is ready. */
  #lastEventAt = this.#beganAt;
  #watchers: Watchers | null = null;
  #isOpen = false;
  /** Since when nothing fails any more. */
  #calmAt: number | null = null;

  get #isCalm(): boolean {
    return this.#calmAt !== null;
  }

  constructor(seed: number, options: SimulateOptions) {
    this.#seed = seed;
    this.#options = options;
    this.#chance = new Chance(seed);
    this.#swarm = { ...drawSwarm(this.#chance.of("swarm")), ...options.swarm };
    this.#network = new SimulatedRuntime({ clock: this.#clock, seed, name: "network" });
  }

  async run(): Promise<SimulationReport> {
    const opened = await this.#openStores();
    await this.#clock.complete(() => this.#setCaps(opened));
    this.#isOpen = true;
    const stores = observeStores(opened, {
      clock: this.#clock,
      onEvents: (events) => this.#observe(events),
      onBug: (what) => this.#violations.push(`BUG ${what}`),
    });
    try {
      await this.#perform(stores);
      return await this.#clock.complete(() => this.#report(stores));
    } finally {
      await opened[Symbol.asyncDispose]();
    }
  }

  async #perform(stores: Stores): Promise<void> {
    const processes = this.#createProcesses(stores);
    const { swarm, chance } = { swarm: this.#swarm, chance: this.#chance };
    const sightings = this.#sightings;
    const chaos = new Chaos(processes, {
      clock: this.#clock,
      swarm,
      chance: chance.of("chaos"),
      sightings,
    });
    const store = stores.forTenant(TENANT);
    const door = (drawn: Chance) => drawn.pick(processes, "process").orchestrator;
    const operators = new Operators({
      chance: chance.of("operators"),
      store,
      door,
    });
    this.#watchers = new Watchers({ clock: this.#clock, chance: chance.of("watchers"), door });
    chaos.begin();
    for (const wanted of this.#drawWanted()) this.#push(operators, wanted);
    this.#meddle(operators);
    await this.#clock.advance(swarm.chaosMs);

    this.#calmAt = this.#clock.now();
    this.#tell("calm");
    chaos.end();
    await this.#untilQuiet();
    const isUnserved = (pool: string): boolean => pool === UNSERVED_POOL;
    const now = this.#clock.now();
    this.#violations.push(
      ...(await this.#clock.complete(() => checkQuiet(stores, now, isUnserved))),
    );

    this.#tell("tidying up");
    await this.#untilEnded(stores, () => operators.tidy(isUnserved));
    await this.#untilShown(this.#watchers);
  }

  async #setCaps(stores: Stores): Promise<void> {
    const store = stores.forTenant(TENANT);
    for (const { key, max } of this.#swarm.caps) await store.changeLimit(key, { kind: "set", max });
  }

  async #openStores(): Promise<Stores> {
    const cache = this.#swarm.forgets ? { cache: { activeMax: 0, idleMax: 0 } } : {};
    const shared = { clock: this.#clock, pure: TEST_PURE, ...cache };
    if (this.#swarm.store === "memory") {
      return openMemory({ ...shared, sha256: (content) => hash("sha256", content) });
    }
    const openDriver = createFaultyDriver({
      rate: () => (this.#isOpen && !this.#isCalm ? this.#swarm.waveFaultRate : 0),
      chance: this.#chance.of("driver"),
      onFault: (kind) => this.#sightings.see(`wave ${kind}`),
    });
    return openSqlite({ ...shared, path: ":memory:", openDriver });
  }

  #createProcesses(stores: Stores): readonly SimulatedProcess[] {
    const around: Surroundings = {
      seed: this.#seed,
      clock: this.#clock,
      stores,
      pure: TEST_PURE,
      network: this.#network,
      world: this.#world,
      ledger: this.#ledger,
      sightings: this.#sightings,
      faults: () => (this.#isCalm ? NO_FAULTS : this.#swarm.faults),
      scripts: () => (this.#isCalm ? CALM_SCRIPTS : this.#swarm.scripts),
      sameHost: this.#swarm.sameHost,
      exclusive: this.#swarm.processes === 1,
      tell: (what) => this.#tell(what),
      workers: this.#workers,
    };
    return Array.from({ length: this.#swarm.processes }, (_, index) => {
      const name = `process-${index + 1}`;
      const pools = index === 0 || this.#chance.happens(0.6, "pools", name) ? BOTH : DEFAULT;
      return new SimulatedProcess(name, around, this.#chance.of(name), pools);
    });
  }

  #drawWanted(): readonly Wanted[] {
    const { plans, stepsMax } = this.#swarm;
    const shape = { stepsMax, depth: 2, now: this.#beganAt };
    return Array.from({ length: plans }, (_, index) => {
      const name = `plan ${index + 1}`;
      const chance = this.#chance.of("plan", index + 1);
      const document = drawPlan(name, chance, shape);
      return { key: `${index + 1}`, document, inputs: drawInputs(document, chance.of("inputs")) };
    }).filter((_, index) => this.#options.withoutPlans?.includes(index + 1) !== true);
  }

  #push(operators: Operators, wanted: Wanted): void {
    const again = (): void => {
      if (this.#isCalm) return;
      void operators.push(wanted);
      const ms = this.#chance.wait(1500, "push", wanted.key, this.#clock.now());
      this.#clock.setTimer(ms, again);
    };
    this.#clock.setTimer(this.#chance.between(0, 8000, "wanted", wanted.key), again);
  }

  #meddle(operators: Operators): void {
    const { operatorMs } = this.#swarm;
    if (operatorMs === null) return;
    const again = (): void => {
      if (this.#isCalm) return;
      void operators.meddle();
      this.#clock.setTimer(this.#chance.wait(operatorMs, "meddle", this.#clock.now()), again);
    };
    this.#clock.setTimer(operatorMs, again);
  }

  /** Until nothing has been told for as long as a lost process may go unnoticed. */
  async #untilQuiet(): Promise<void> {
    const until = this.#clock.now() + QUIET_BY_MS;
    this.#lastEventAt = Math.max(this.#lastEventAt, this.#clock.now());
    while (this.#clock.now() < until && this.#clock.now() - this.#lastEventAt < REST_MS) {
      await this.#clock.advance(STEP_MS);
    }
  }

  async #untilEnded(stores: Stores, tidy: () => Promise<void>): Promise<void> {
    const store = stores.forTenant(TENANT);
    const until = this.#clock.now() + TIDY_BY_MS;
    for (;;) {
      const { data } = await store.plans({ limit: 200 });
      const open = data.filter((plan) => !isEnded(plan.status));
      if (open.length === 0) return;
      if (this.#clock.now() >= until) {
        for (const { id, status, condition } of open) {
          this.#violations.push(`${id}: I26 it does not end (${status}, ${condition})`);
        }
        return;
      }
      void tidy();
      await this.#clock.advance(STEP_MS);
    }
  }

  async #untilShown(watchers: Watchers): Promise<void> {
    const until = this.#clock.now() + QUIET_BY_MS;
    while (!watchers.areDone && this.#clock.now() < until) await this.#clock.advance(STEP_MS);
  }

  async #report(stores: Stores): Promise<SimulationReport> {
    const { sameHost } = this.#swarm;
    const [ledger, world, losses] = [this.#ledger, this.#world, this.#losses];
    const { caps, waveFaultRate } = this.#swarm;
    // What a wave brought that was answered with a fault is heard of later, or never.
    const decided = waveFaultRate === 0 ? this.#decided : null;
    const run = { stores, ledger, world, losses, sameHost, caps, decided };
    this.#violations.push(...(await checkRun(run)));
    const plans = await keptPlans(stores.forTenant(TENANT));
    const events = plans.flatMap((plan) => plan.events);
    this.#violations.push(...checkTranscripts(this.#watchers?.transcripts ?? new Map(), plans));
    for (const plan of plans) this.#sightings.seeEvents(plan.events);
    const log = plans.map(({ chain }) => chain.at(-1)?.hash ?? "").join("\n");
    return {
      seed: this.#seed,
      violations: this.#violations,
      story: this.#story,
      digest: hash("sha256", log),
      events: events.length,
      plans,
      simulatedMs: this.#clock.now() - this.#beganAt,
      sightings: this.#sightings,
      swarm: this.#swarm,
    };
  }

  #observe(events: readonly PlanEvent[]): void {
    this.#lastEventAt = this.#clock.now();
    this.#decided.push(...events);
    for (const { type, planId } of events) {
      if (type === "plan.created") this.#watchers?.follow(planId);
    }
    for (const { type, planId, stepKey = "", attempt = 0, data } of events) {
      if (type !== "attempt.lost" || data.reason !== "worker-gone") continue;
      this.#noteLoss(data.workerId);
      const loss = { at: this.#clock.now(), workerId: data.workerId };
      this.#losses.set(attemptKey({ planId, stepKey, attempt }), loss);
    }
  }

  /** G3: nobody who lives is taken for dead where nothing fails any more. */
  #noteLoss(workerId: string): void {
    if (this.#calmAt === null || this.#clock.now() < this.#calmAt + REST_MS) return;
    if (this.#workers.get(workerId)?.state !== "running") return;
    this.#violations.push(`G3 ${workerId} is taken for dead, and lives`);
  }

  #tell(what: string): void {
    const seconds = (this.#clock.now() - this.#beganAt) / 1000;
    this.#story.push(`${seconds.toFixed(1)} s: ${what}`);
  }
}

const DEFAULT = ["default"] as const;
const BOTH = ["default", "heavy"] as const;
