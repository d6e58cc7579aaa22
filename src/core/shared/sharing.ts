import type { PlanEvent } from "../plan/event.ts";
import type { Plan } from "../plan/plan.ts";
import type { Lane } from "../step/lease.ts";
import { keysOf } from "./keys-of.ts";
import type { LimitKey } from "./limit-key.ts";
import { UNLIMITED, type Room } from "./room.ts";
import { takeChanges, TakeSum } from "./take-changes.ts";

/** What one decision takes of what plans share, and what it gives back. */
export class Sharing {
  readonly #room: Room;
  readonly #taken = new TakeSum();
  readonly #withheld = new Set<LimitKey>();
  readonly #freed = new Set<LimitKey>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** Limits that had no room for somebody who could have started otherwise. */
  get withheld(): readonly LimitKey[] {
    return [...this.#withheld];
  }

  /** Limits that were full, or of which that is not known here, and of which something came back. */
  get freed(): readonly LimitKey[] {
    return [...this.#freed];
  }

  /** Remembers one event; `plan` is as it was before. */
  follow(plan: Plan | null, event: PlanEvent): void {
    const changes = takeChanges(plan, event);
    if (changes.length === 0) return;
    this.#taken.add(changes.filter(({ delta }) => delta > 0));
    for (const { key, delta } of changes) {
      const room = this.#room(key);
      if (delta < 0 && (room < 1 || room === Infinity)) this.#freed.add(key);
    }
  }

  /**
   * Whether an attempt in a lane may start. What a decision gives back it does not take again: that
   * is for the first in the line of the key.
   */
  hasRoom(lane: Lane): boolean {
    if (this.#room === UNLIMITED) return true;
    const full = keysOf(lane).filter((key) => this.#room(key) - this.#taken.of(key) < 1);
    for (const key of full) this.#withheld.add(key);
    return full.length === 0;
  }

  /** What an attempt in a lane takes one of each. */
  takesOf(lane: Lane): readonly LimitKey[] {
    if (this.#room === UNLIMITED) return NONE;
    return keysOf(lane).filter((key) => this.#room(key) !== Infinity);
  }
}

const NONE: readonly LimitKey[] = [];
