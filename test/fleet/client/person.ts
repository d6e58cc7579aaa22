import { setTimeout as pause } from "node:timers/promises";
import type { PlanId, TenantId } from "../../../src/core/id.ts";
import type { RequestRow } from "../../../src/store/projection.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { drawAnswer } from "../../../src/testing/simulation/draw-answer.ts";
import type { Client } from "./client.ts";

export interface PersonOptions {
  readonly client: Client;
  readonly chance: Chance;
  readonly tenantIds: readonly TenantId[];
  /** Plans whose questions are left alone. */
  readonly unanswered: ReadonlySet<PlanId>;
}

const LOOK_MS = 200;

/** Answers what is asked, so that plans go on: also what may have happened already, or went wrong too often. */
export class Person {
  readonly #options: PersonOptions;
  readonly #seen = new Set<string>();
  readonly #faults: string[] = [];
  readonly #answered = new Map<string, number>();
  #answering = 0;

  constructor(options: PersonOptions) {
    this.#options = options;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  /** How many were answered, by why they were asked. */
  get answered(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#answered);
  }

  get isAnswering(): boolean {
    return this.#answering > 0;
  }

  async keepAnswering(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all(this.#options.tenantIds.map((tenantId) => this.#lookAt(tenantId)));
      await pause(LOOK_MS);
    }
  }

  async #lookAt(tenantId: TenantId): Promise<void> {
    const { client, unanswered } = this.#options;
    const open = { status: ["open"], limit: 200 } as const;
    const { data } = await client.look(tenantId, (store) => store.requests(open));
    for (const request of data) {
      // A plan's approval is its author's.
      const isOurs = request.stepKey !== null && !unanswered.has(request.planId);
      if (!isOurs || this.#seen.has(request.id)) continue;
      this.#seen.add(request.id);
      void this.#answer(tenantId, request);
    }
  }

  async #answer(tenantId: TenantId, request: RequestRow): Promise<void> {
    this.#answering += 1;
    try {
      const chance = this.#options.chance.of(
        request.planId,
        request.stepKey ?? "",
        request.reason ?? "",
      );
      await pause(chance.between(0, 400, "when"));
      const { client } = this.#options;
      const found = await client.look(tenantId, (store) =>
        store.read(request.planId, (plan) => {
          const asked = plan.requests.get(request.id);
          return asked === undefined
            ? null
            : { answer: drawAnswer(chance, asked, true), subjectDigest: asked.subjectDigest };
        }),
      );
      if (found === null)
        throw new Error(`the request ${request.id} is listed and not in its plan`);
      const { id: requestId, planId } = request;
      const data = { requestId, ...found };
      const { decision } = await client.act({ tenantId, planId, type: "request.decide", data });
      if (!decision.ok) return;
      const why = request.reason ?? request.kind;
      this.#answered.set(why, (this.#answered.get(why) ?? 0) + 1);
    } catch (error) {
      this.#faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      this.#answering -= 1;
    }
  }
}
