import { setTimeout as pause } from "node:timers/promises";
import type { Actor } from "../../../src/core/actor.ts";
import type { PlanId, TenantId } from "../../../src/core/id.ts";
import type { CommandData, CommandType, PlanCommand } from "../../../src/core/plan/command.ts";
import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import { StoreFault, type Store, type Stores } from "../../../src/store/store.ts";
import type { Chance, ChanceName } from "../../../src/testing/chance.ts";
import type { ClientBook } from "./client-book.ts";

/** What a client wishes of a plan. */
export interface ClientWish<T extends CommandType> {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly type: T;
  readonly data: CommandData[T];
}

/** What it was told in the end. */
export interface Told {
  readonly decision: Decision;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

export interface ClientOptions {
  readonly actor: Actor;
  readonly chance: Chance;
  readonly book: ClientBook;
  /** Ways to the store: each has connections and a memory of its own. */
  readonly ways: readonly Stores[];
}

const AGAIN_MS = 150;
const REST_MS = 5000;

/**
 * Sends commands as somebody must who wants to know what came of them: again and again, by one way
 * or the other, under the same id, until it is told. What it is told stands in its book.
 */
export class Client {
  readonly #options: ClientOptions;
  #acts = 0;
  #looks = 0;
  #underWay = 0;
  /** Acts that were told only when they were asked for again. */
  #askedAgain = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get actor(): Actor {
    return this.#options.actor;
  }

  get underWay(): number {
    return this.#underWay;
  }

  get figures(): { readonly acts: number; readonly askedAgain: number } {
    return { acts: this.#acts, askedAgain: this.#askedAgain };
  }

  act<T extends CommandType>(wish: ClientWish<T>): Promise<Told> {
    return this.#send(wish.tenantId, this.#commandOf(wish));
  }

  /** The same command by two ways at the same moment, as by somebody who lost patience. */
  actTwice<T extends CommandType>(wish: ClientWish<T>): Promise<readonly [Told, Told]> {
    const command = this.#commandOf(wish);
    const { tenantId } = wish;
    return Promise.all([this.#send(tenantId, command), this.#send(tenantId, command)]);
  }

  /** Looks by any way that is open. */
  async look<T>(tenantId: TenantId, look: (store: Store) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await look(this.#way("look", (this.#looks += 1)).forTenant(tenantId));
      } catch (error) {
        this.#liveThrough(error);
      }
      await pause(AGAIN_MS);
    }
  }

  async #send(tenantId: TenantId, command: PlanCommand): Promise<Told> {
    const { book } = this.#options;
    this.#underWay += 1;
    try {
      book.sent(command);
      const told = await this.#untilTold(tenantId, command);
      book.answered(command, told.decision);
      return told;
    } finally {
      this.#underWay -= 1;
    }
  }

  async #untilTold(tenantId: TenantId, command: PlanCommand): Promise<Told> {
    for (let tries = 1; ; tries += 1) {
      try {
        const store = this.#way(command.id, tries).forTenant(tenantId);
        const decision = await store.commit(command, decide);
        if (tries > 1) this.#askedAgain += 1;
        return { decision, at: Date.now() };
      } catch (error) {
        this.#liveThrough(error);
      }
      await pause(Math.min(AGAIN_MS * tries, REST_MS));
    }
  }

  #liveThrough(error: unknown): void {
    this.#options.book.met(error);
    if (!StoreFault.is(error) || !error.retryable) throw error;
  }

  #way(...name: ChanceName): Stores {
    const { chance, ways } = this.#options;
    return chance.pick(ways, "way", ...name);
  }

  #commandOf<T extends CommandType>(wish: ClientWish<T>): PlanCommand {
    const { actor, chance } = this.#options;
    const number = (this.#acts += 1);
    const command = {
      ...wish.data,
      id: `cmd_${actor.id}_${number}_${Math.floor(chance.draw("id", number) * 1e9)}`,
      planId: wish.planId,
      type: wish.type,
      at: this.#way(number).clock.now(),
      actor,
    };
    // The compiler cannot tie a generic `type` to its data in a union.
    return command as unknown as PlanCommand;
  }
}
