import { hash } from "node:crypto";
import type { Runtime, Timer } from "../engine/runtime.ts";
import { chance } from "./chance.ts";
import type { SimulatedClock } from "./simulated-clock.ts";

export interface SimulatedRuntimeOptions {
  readonly clock: SimulatedClock;
  readonly seed: number;
  /** Whose runtime it is: ids that it makes are made nowhere else. */
  readonly name: string;
  /** How far its idea of the time is from the truth. */
  readonly skewMs?: number;
}

/**
 * Time, chance and ids of one simulated process. It can be stopped for a while, as by SIGSTOP, and
 * killed, as by SIGKILL: then nothing that was left to it ever happens.
 */
export class SimulatedRuntime implements Runtime {
  readonly name: string;
  skewMs: number;
  readonly #clock: SimulatedClock;
  readonly #seed: number;
  readonly #beganAt: number;
  #ids = 0;
  #state: "running" | "stopped" | "killed" = "running";
  #held: (() => void)[] = [];

  constructor({ clock, seed, name, skewMs }: SimulatedRuntimeOptions) {
    this.name = name;
    this.skewMs = skewMs ?? 0;
    this.#clock = clock;
    this.#seed = seed;
    this.#beganAt = clock.now();
  }

  get state(): "running" | "stopped" | "killed" {
    return this.#state;
  }

  now(): number {
    return this.#clock.now() + this.skewMs;
  }

  monotonic(): number {
    return this.#clock.now() - this.#beganAt;
  }

  setTimer(ms: number, callback: () => void): Timer {
    let isCancelled = false;
    const timer = this.#clock.setTimer(ms, () => {
      this.whenRunning(() => {
        if (!isCancelled) callback();
      });
    });
    const cancel = (): void => {
      isCancelled = true;
      timer.cancel();
    };
    return { cancel, [Symbol.dispose]: cancel };
  }

  defer(callback: () => void): void {
    this.#clock.defer(() => this.whenRunning(callback));
  }

  chance(...name: readonly (string | number)[]): number {
    return chance(this.#seed, ...name);
  }

  uuid(): string {
    this.#ids += 1;
    const hex = hash("sha256", `${this.#seed}\n${this.name}\n${this.#ids}`);
    const time = this.#clock.now().toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
  }

  /** Now, when it goes on, or never. */
  whenRunning(callback: () => void): void {
    if (this.#state === "running") callback();
    else if (this.#state === "stopped") this.#held.push(callback);
  }

  /** Hands over what a promise brings only while it runs; of a killed one nothing is heard again. */
  receive<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.whenRunning(() => resolve(value)),
        (error: unknown) => this.whenRunning(() => reject(error)),
      );
    });
  }

  stop(): void {
    if (this.#state === "running") this.#state = "stopped";
  }

  /** Goes on; what came meanwhile comes now. */
  resume(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    for (const callback of this.#held.splice(0)) this.whenRunning(callback);
  }

  kill(): void {
    this.#state = "killed";
    this.#held = [];
  }
}
