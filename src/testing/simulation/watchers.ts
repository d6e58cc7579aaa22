import type { EventType } from "../../core/plan/event.ts";
import type { Orchestrator } from "../../engine/orchestrator.ts";
import type { Chance } from "../chance.ts";
import type { SimulatedClock } from "../simulated-clock.ts";
import type { KeptPlan } from "./check-run.ts";

export interface WatchersOptions {
  readonly clock: SimulatedClock;
  readonly chance: Chance;
  /** Some process that is there now; null where none is. */
  readonly door: (chance: Chance) => Orchestrator | null;
}

/** A stream that says nothing for so long is left for another one. */
const PATIENCE_MS = 20_000;

/** Those who follow plans through whatever process there is, and go on where they were cut off. */
export class Watchers {
  /** What each has been shown of its plan: numbers of events. */
  readonly transcripts: Map<string, number[]> = new Map();
  readonly #options: WatchersOptions;
  #streams = 0;
  #open = 0;

  constructor(options: WatchersOptions) {
    this.#options = options;
  }

  /** Whether everybody has been shown the end of their plan. */
  get areDone(): boolean {
    return this.#open === 0;
  }

  /** Follows a plan to its end, stream after stream. */
  follow(planId: string): void {
    this.transcripts.set(planId, []);
    this.#open += 1;
    this.#goOn(planId);
  }

  #goOn(planId: string): void {
    this.#streams += 1;
    const drawn = this.#options.chance.of(planId, this.#streams);
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      this.#goOn(planId);
    };
    const end = (isAtEnd: boolean): void => {
      if (!isAtEnd || isOver) return;
      isOver = true;
      this.#open -= 1;
    };
    // A stream that breaks off is left when its time is up, like one that says nothing.
    this.#read(planId, drawn, () => isOver).then(end, () => undefined);
    this.#options.clock.setTimer(drawn.between(1000, PATIENCE_MS, "patience"), leave);
  }

  /** True where the plan has been shown to its end. */
  async #read(planId: string, chance: Chance, isOver: () => boolean): Promise<boolean> {
    const door = this.#options.door(chance);
    const shown = this.transcripts.get(planId) ?? [];
    if (door === null) return false;
    for await (const event of door.events(planId, { after: shown.at(-1) ?? 0 })) {
      if (isOver()) return false;
      shown.push(event.seq);
    }
    return shown.length > 0;
  }
}

/** I23: every transcript is 1, 2, 3 …, to the end of its plan; what comes after that may be missed. */
export function checkTranscripts(
  transcripts: ReadonlyMap<string, readonly number[]>,
  plans: readonly KeptPlan[],
): readonly string[] {
  return plans.flatMap(({ planId, events }) => {
    const shown = transcripts.get(planId);
    if (shown === undefined) return [];
    const gap = shown.findIndex((seq, index) => seq !== index + 1);
    if (gap >= 0) return [`${planId}: I23 a watcher was shown ${shown[gap]} after ${gap}`];
    const end = events.find(({ type }) => ENDS.has(type))?.seq ?? events.length;
    return shown.length >= end
      ? []
      : [`${planId}: I23 a watcher was shown ${shown.length} of ${end}`];
  });
}

const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  "plan.completed",
  "plan.failed",
  "plan.cancelled",
  "plan.rejected",
]);
