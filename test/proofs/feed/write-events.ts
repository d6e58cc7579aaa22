import type { PlanCommand } from "../../../src/core/plan/command.ts";
import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import { DEFAULT_LIMITS } from "../../../src/core/limits.ts";
import type { PlanId } from "../../../src/core/id.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Wish } from "../../../src/testing/given.ts";
import type { Ledger } from "./ledger.ts";

export interface WriterOptions {
  readonly name: string;
  /** One tenant's store in each process; a writer keeps to one but for what it shares with others. */
  readonly stores: readonly Store[];
  readonly chance: Chance;
  readonly ledger: Ledger;
  readonly isEnough: () => boolean;
}

const SIZES = [1, 2, 5, 20, 100, 400] as const;
/** Share of the large plans that all processes work on at once; how often each asks for work. */
const CROWDED = 0.4;
const TURNS = 12;
const AT = Date.UTC(2026, 0, 1);
const CAPABILITIES: ReadonlySet<string> = new Set(["tool:work"]);

/** Writes transactions of all sizes until there are events enough; says how many commands it took. */
export async function writeEvents(options: WriterOptions): Promise<number> {
  const writer = new Writer(options);
  for (let plan = 0; !options.isEnough(); plan += 1) await writer.carryOut(plan);
  return writer.commands;
}

class Writer {
  readonly #options: WriterOptions;
  commands = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** A plan from its beginning to its end: many events at once, one at a time, many at once. */
  async carryOut(plan: number): Promise<void> {
    const { name, stores } = this.#options;
    const chance = this.#options.chance.of("plan", plan);
    const planId = `pln_${name}_${plan}`;
    const steps = chance.pick(SIZES, "size");
    const home = chance.pick(stores, "home");
    await this.#send(home, planId, createWish(home.tenantId, steps));
    const isCrowded = steps >= 100 && chance.happens(CROWDED, "crowded");
    if (isCrowded) await this.#crowd(planId, chance);
    else await this.#leaseInTurns(planId, home, { turns: Math.min(steps, TURNS), chance });
    const end = chance.pick(["cancel", "finish", "leave"], "end");
    if (end === "cancel") await this.#send(home, planId, { type: "plan.cancel", mode: "stop" });
    if (end === "finish") {
      await this.#send(home, planId, { type: "plan.finish", result: "success" });
    }
  }

  /** Work at one process, and now and then at another at the same moment. */
  async #leaseInTurns(
    planId: PlanId,
    home: Store,
    { turns, chance }: { readonly turns: number; readonly chance: Chance },
  ): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      const { stores } = this.#options;
      const some = stores.filter((store) => store === home || chance.happens(0.1, turn, "too"));
      const slots = chance.between(1, 8, turn, "slots");
      await Promise.all(some.map((store) => this.#send(store, planId, leaseWish(slots))));
    }
  }

  /** Every process works on the same plan, as fast as it can. */
  async #crowd(planId: PlanId, chance: Chance): Promise<void> {
    await Promise.all(
      this.#options.stores.map(async (store, place) => {
        for (let turn = 0; turn < TURNS; turn += 1) {
          const slots = chance.between(1, 3, place, turn, "slots");
          await this.#send(store, planId, leaseWish(slots));
        }
      }),
    );
  }

  async #send(store: Store, planId: string, wish: Wish): Promise<Decision> {
    this.commands += 1;
    const id = `cmd_${this.#options.name}_${this.commands}`;
    const actor = { kind: "person", id: "ada" } as const;
    const command: PlanCommand = { id, planId, at: AT, actor, ...wish };
    const decision = await store.commit(command, decide);
    this.#options.ledger.hear(decision.events);
    return decision;
  }
}

function createWish(tenantId: string, count: number): Wish {
  const step: StepDocument = { do: "tool", owner: "work", effect: "none" };
  const document: PlanDocument = {
    plan: "Feed",
    policy: { approval: "none", concurrency: 1000 },
    steps: Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, step])),
  };
  return {
    type: "plan.create",
    tenantId,
    document,
    inputs: {},
    pins: { tools: {} },
    origin: { kind: "library", trust: "operator" },
    limits: DEFAULT_LIMITS,
    begin: "started",
  };
}

function leaseWish(slots: number): Wish {
  const offer = {
    workerId: "wrk_feed",
    slots,
    pools: ["default"],
    capabilities: CAPABILITIES,
    idle: true,
  };
  return { type: "attempt.lease", offer };
}
