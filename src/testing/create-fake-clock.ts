import type { Runtime } from "../engine/runtime.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedRuntime } from "./simulated-runtime.ts";

/** Time that a test moves by hand. */
export interface FakeClock {
  /** To be given to `createPlanwright` and to stores. */
  readonly runtime: Runtime;
  /** Milliseconds since 1970; it begins at 2026-01-01T00:00:00Z if nothing else was said. */
  now(): number;
  /** Lets so much time pass: every timer that falls due meanwhile runs at its own moment. */
  advance(ms: number): Promise<void>;
  /** Lets everything proceed that needs no time. */
  settle(): Promise<void>;
}

/** A clock for tests: backoffs of an hour take no time, and nothing happens unasked. */
export function createFakeClock(
  options: { readonly now?: number; readonly seed?: number } = {},
): FakeClock {
  const clock = new SimulatedClock(options.now);
  const runtime = new SimulatedRuntime({ clock, seed: options.seed ?? 0, name: "fake" });
  return {
    runtime,
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    settle: () => clock.settle(),
  };
}
