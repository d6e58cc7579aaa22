import { setTimeout as pause } from "node:timers/promises";
import type { PlanId, TenantId } from "../../../src/core/id.ts";
import { DEFAULT_LIMITS } from "../../../src/core/limits.ts";
import type { PlanDocument } from "../../../src/core/plan/document.ts";
import type { PlanStatus } from "../../../src/core/plan/plan.ts";
import { pinsOf } from "../../../src/engine/pins.ts";
import type { Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import { ClientBook } from "./client-book.ts";
import { Client, type Told } from "./client.ts";
import { until } from "../../torture/process/until.ts";
import type { Ground } from "../ground.ts";
import { openStores } from "../open-stores.ts";
import { WORK_TOOL } from "../plan/work-tool.ts";

const LOOK_MS = 100;
const PATIENCE_MS = 600_000;

/** Begins plans, ends them, and looks what has become of them. */
export class PlanClient implements AsyncDisposable {
  readonly stores: Stores;
  readonly #ground: Ground;
  readonly #book: ClientBook;
  readonly #client: Client;

  private constructor(ground: Ground, stores: Stores) {
    this.#ground = ground;
    this.stores = stores;
    this.#book = new ClientBook(ground.books, "ada");
    const actor = { kind: "person", id: "ada" } as const;
    const chance = new Chance(0, "plan client");
    this.#client = new Client({ actor, chance, book: this.#book, ways: [stores] });
  }

  static async open(ground: Ground): Promise<PlanClient> {
    return new PlanClient(ground, await openStores(ground.url, "clients"));
  }

  /** Stores a plan, and starts it. */
  async begin(tenantId: TenantId, planId: PlanId, document: PlanDocument): Promise<void> {
    const subject = { tenantId, planId };
    const create = {
      tenantId,
      document,
      inputs: {},
      pins: pinsOf(document, new Map([[WORK_TOOL, "repeatable"]])),
      origin: { kind: "library", trust: "operator", folder: this.#ground.witness.folder },
      limits: DEFAULT_LIMITS,
    } as const;
    for (const told of [
      await this.#client.act({ ...subject, type: "plan.create", data: create }),
      await this.#client.act({ ...subject, type: "plan.submit", data: {} }),
      await this.#client.act({ ...subject, type: "plan.start", data: {} }),
    ]) {
      if (!told.decision.ok) throw new Error(`${planId}: ${told.decision.refusal.message}`);
    }
  }

  cancel(tenantId: TenantId, planId: PlanId): Promise<Told> {
    const data = { mode: "stop", reason: "enough" } as const;
    return this.#client.act({ tenantId, planId, type: "plan.cancel", data });
  }

  statusOf(tenantId: TenantId, planId: PlanId): Promise<PlanStatus | null> {
    return this.#client.look(tenantId, (store) => store.read(planId, ({ status }) => status));
  }

  /** Waits until all of these plans have completed; says which have not, in time. */
  async untilCompleted(plans: ReadonlyMap<PlanId, TenantId>): Promise<readonly string[]> {
    const left = new Map(plans);
    const look = async () => {
      for (const [planId, tenantId] of left) {
        if ((await this.statusOf(tenantId, planId)) === "completed") left.delete(planId);
      }
      await pause(LOOK_MS);
      return left.size === 0 || null;
    };
    await until("the end of all plans", PATIENCE_MS, look).catch(() => undefined);
    return [...left.keys()].map((planId) => `${planId} has not completed`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stores[Symbol.asyncDispose]();
    this.#book[Symbol.dispose]();
  }
}
