import type { Lease } from "../../core/step/lease.ts";
import type { SpawnedProcess } from "../../engine/executor.ts";
import type { AttemptProcess } from "../../store/store.ts";
import type { SimulatedClock } from "../simulated-clock.ts";

/** Something done in the outside world that cannot be taken back. */
export interface Deed {
  readonly planId: string;
  readonly stepKey: string;
  readonly attempt: number;
  /** Names the logical call: the same for every attempt at it. */
  readonly call: string;
  readonly effect: Lease["effect"];
  readonly at: number;
  /** When the program that did it was let go; null where it was no program. */
  readonly begunAt: number | null;
}

type Subject = Pick<Lease, "planId" | "stepKey" | "attempt" | "effect">;

/** The outside world: it counts what is done to it, and keeps programs that outlive who started them. */
export class World {
  readonly deeds: Deed[] = [];
  /** How often each attempt was begun, by plan, step and number. */
  readonly begun: Map<string, number> = new Map();
  readonly #clock: SimulatedClock;
  readonly #programs = new Map<number, { cancel(): void }>();
  readonly #ended = new Set<number>();
  #pid = 1000;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  begin(subject: Subject): void {
    const key = attemptKey(subject);
    this.begun.set(key, (this.begun.get(key) ?? 0) + 1);
  }

  act(subject: Subject, call: string, begunAt: number | null = null): void {
    const { planId, stepKey, attempt, effect } = subject;
    this.deeds.push({ planId, stepKey, attempt, call, effect, at: this.#clock.now(), begunAt });
  }

  /** Names a program before it begins. */
  nameProgram(): SpawnedProcess {
    this.#pid += 1;
    return { pid: this.#pid, startTicks: String(this.#clock.now()) };
  }

  /** Lets a program go: it acts after some time, whatever becomes of who let it go. */
  run({ pid }: SpawnedProcess, afterMs: number, deed: (begunAt: number) => void): void {
    if (this.#ended.has(pid)) return;
    const begunAt = this.#clock.now();
    this.#programs.set(
      pid,
      this.#clock.setTimer(afterMs, () => deed(begunAt)),
    );
  }

  /** Ends a program: what it has not done yet it never will. */
  endProgram({ pid }: Pick<AttemptProcess, "pid">): void {
    this.#programs.get(pid)?.cancel();
    this.#programs.delete(pid);
    this.#ended.add(pid);
  }
}

/** Names an attempt among all plans. */
export function attemptKey(subject: Pick<Subject, "planId" | "stepKey" | "attempt">): string {
  return `${subject.planId} ${subject.stepKey} ${subject.attempt}`;
}
