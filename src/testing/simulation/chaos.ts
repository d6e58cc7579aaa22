import type { Chance } from "../chance.ts";
import type { SimulatedClock } from "../simulated-clock.ts";
import type { Sightings } from "./sightings.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { Swarm } from "./swarm.ts";

export interface ChaosOptions {
  readonly clock: SimulatedClock;
  readonly swarm: Swarm;
  readonly chance: Chance;
  readonly sightings: Sightings;
}

const JUMPS_MS = [-120_000, -30_000, -1000, 1000, 30_000, 120_000] as const;

/** What happens to processes until it is called off. */
export class Chaos {
  readonly #options: ChaosOptions;
  readonly #processes: readonly SimulatedProcess[];
  #isOver = false;
  #draws = 0;

  constructor(processes: readonly SimulatedProcess[], options: ChaosOptions) {
    this.#options = options;
    this.#processes = processes;
  }

  begin(): void {
    const { swarm, chance } = this.#options;
    for (const process of this.#processes) {
      this.#after(chance.between(0, 2000, "begin", process.name), () => this.#revive(process));
      this.#often(process, "crash", swarm.crashMs, () => process.kill());
      this.#often(process, "stop", swarm.stopMs, () => this.#stop(process));
      this.#often(process, "drain", swarm.drainMs, () => this.#drain(process));
      this.#often(process, "partition", swarm.partitionMs, () => this.#cutOff(process));
      this.#often(process, "clock jump", swarm.clockJumpMs, () => this.#jump(process));
    }
  }

  /** Everything that was done to processes is undone, and nothing more is. */
  end(): void {
    this.#isOver = true;
    for (const process of this.#processes) {
      process.cutOff(false);
      process.setClock(0);
      process.resume();
      this.#revive(process);
    }
  }

  /** Somebody looks after the process: gone, it is begun again. */
  #revive(process: SimulatedProcess): void {
    const { swarm, chance } = this.#options;
    const most = this.#isOver ? 0 : swarm.skewMsMax;
    if (process.state === "gone" && !this.#staysAway(process))
      process.begin(chance.between(-most, most, "skew", this.#draw()));
    const waitMs = chance.between(300, this.#isOver ? 1000 : 6000, "revive", this.#draw());
    this.#options.clock.setTimer(waitMs, () => this.#revive(process));
  }

  #staysAway(process: SimulatedProcess): boolean {
    const isLast = this.#processes.length > 1 && process === this.#processes.at(-1);
    return isLast && process.hasLived && this.#options.swarm.lastStaysAway;
  }

  #often(process: SimulatedProcess, what: string, meanMs: number | null, happen: () => void): void {
    if (meanMs === null) return;
    const again = (): void => {
      this.#after(this.#options.chance.wait(meanMs, what, process.name, this.#draw()), () => {
        if (process.state === "running") {
          this.#options.sightings.see(`process ${what}`);
          happen();
        }
        again();
      });
    };
    again();
  }

  /** For less than a lease lasts, or more: then others take over, and it does not know. */
  #stop(process: SimulatedProcess): void {
    const drawn = this.#options.chance.of("stopped", this.#draw());
    const ms = drawn.happens(0.6, "long")
      ? drawn.between(16_000, 45_000, "ms")
      : drawn.between(500, 16_000, "ms");
    process.stop();
    this.#after(ms, () => process.resume());
  }

  #drain(process: SimulatedProcess): void {
    process.drain(this.#options.chance.pick([0, 2000, 20_000], "patience", this.#draw()));
  }

  #cutOff(process: SimulatedProcess): void {
    process.cutOff(true);
    this.#after(this.#options.chance.between(500, 30_000, "cut off", this.#draw()), () =>
      process.cutOff(false),
    );
  }

  #jump(process: SimulatedProcess): void {
    const ms = this.#options.chance.pick(JUMPS_MS, "jump", this.#draw());
    process.setClock(process.skewMs + ms);
  }

  #after(ms: number, callback: () => void): void {
    this.#options.clock.setTimer(ms, () => {
      if (!this.#isOver) callback();
    });
  }

  #draw(): number {
    this.#draws += 1;
    return this.#draws;
  }
}
