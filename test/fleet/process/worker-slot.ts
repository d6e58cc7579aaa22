import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findProcess } from "../../../src/executor/command/process-table.ts";
import type { LeaseTimes } from "../../../src/store/store.ts";
import { Spawned, type Exit } from "../../torture/process/spawned.ts";
import { until } from "../../torture/process/until.ts";
import type { Ground } from "../ground.ts";
import { SCARCE } from "../plan/draw-load.ts";
import { NO_STORE, ORDER, type Death, type WorkerOrder } from "./worker-order.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const COMMAND_LINE = join(ROOT, "src", "cli", "main.ts");
/** Compiled once for all: workers are started again and again. */
const COMPILED = join(ROOT, "node_modules", ".cache", "planwright");

const PATIENCE_MS = 60_000;
const AGAIN_MS = 200;

export interface SlotOptions {
  readonly ground: Ground;
  readonly number: number;
  /** `cli`: the command line's `worker`, with lease times as they are by default. */
  readonly kind: "library" | "cli";
  readonly leaseTimes: LeaseTimes;
  /** Whether its connections go by way of the proxy. */
  readonly proxied: boolean;
  readonly concurrency: number;
}

/** One process that was started as a worker. */
export interface Life {
  readonly life: string;
  readonly slot: number;
  readonly pid: number;
  readonly name: string;
  readonly ttlMs: number;
}

/** The place of one worker of the fleet: a process after another, whatever happens to them. */
export class WorkerSlot implements AsyncDisposable {
  readonly #options: SlotOptions;
  readonly #lives: Life[] = [];
  readonly #killed = new Set<string>();
  readonly #surprises: string[] = [];
  #spawned: Spawned | null = null;
  #names = 0;
  #isBusy = false;
  #isOver = false;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get lives(): readonly Life[] {
    return this.#lives;
  }

  /** Lives that ended without a word: what they did last, nobody could tell. */
  get killed(): ReadonlySet<string> {
    return this.#killed;
  }

  /** Processes that ended by themselves, with what they said. */
  get surprises(): readonly string[] {
    return this.#surprises;
  }

  get ttlMs(): number {
    return this.#options.leaseTimes.ttlMs;
  }

  /** Whether something is being done to it. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get life(): Life | null {
    return this.#spawned === null ? null : (this.#lives.at(-1) ?? null);
  }

  /** Nobody else does anything to it meanwhile. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Begins the next process; under the name of the last, if that is said, which ends its lease. */
  start(under: "same-name" | "new-name", death: Death | null = null): Life {
    if (under === "new-name") this.#names += 1;
    const { number } = this.#options;
    const life = `life-${number}-${this.#lives.length + 1}`;
    const name = `worker-${number}-${this.#names}`;
    const spawned = this.#spawn(this.#order(life, name, death));
    this.#spawned = spawned;
    const begun = { life, name, slot: number, pid: spawned.pid, ttlMs: this.ttlMs };
    this.#lives.push(begun);
    if (death === null) void this.#watch(spawned);
    else this.#killed.add(life);
    return begun;
  }

  /** kill -9; true where that was what ended it. */
  async kill(): Promise<boolean> {
    const { life } = this;
    const exit = await this.#end("SIGKILL", PATIENCE_MS);
    if (life === null || exit?.signal !== "SIGKILL") return false;
    this.#killed.add(life.life);
    return true;
  }

  /** Stands still as a whole until `resume`. */
  async stopStill(): Promise<void> {
    const { pid } = this.#living();
    this.#living().kill("SIGSTOP");
    const look = () => findProcess(pid)?.state === "T" || null;
    await until(`process ${pid} to stand still`, PATIENCE_MS, look);
  }

  resume(): void {
    this.#living().kill("SIGCONT");
  }

  /** Waits until the process that is there now has a lease. */
  async begun(): Promise<void> {
    await until(`worker ${this.#options.number} to begin`, PATIENCE_MS, async () => {
      const { life } = this;
      return (life !== null && (await this.hasLease(life))) || null;
    });
  }

  /** Whether a process holds a lease now. */
  async hasLease({ pid, name }: Life): Promise<boolean> {
    const leases = await this.#options.ground.ask(LEASES, pid, name);
    if (leases.length === 0) await pause(AGAIN_MS);
    return leases.length > 0;
  }

  /** SIGTERM: what runs ends. Says what was wrong with how it ended; null where nothing was. */
  async drain(): Promise<string | null> {
    this.#isOver = true;
    const life = this.life;
    const said = this.#spawned?.stderr ?? "";
    const exit = await this.#end("SIGTERM", PATIENCE_MS);
    if (exit === null || life === null || exit.code === 0) return null;
    return `${life.life} was told to stop and ended with ${exit.code ?? exit.signal}: ${said.slice(-500)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    const spawned = this.#spawned;
    this.#spawned = null;
    await spawned?.[Symbol.asyncDispose]();
  }

  /** How the process ended that was ordered to end itself; null while it lives. */
  get death(): Exit | null {
    return this.#spawned?.exit ?? null;
  }

  async #end(signal: NodeJS.Signals, withinMs: number): Promise<Exit | null> {
    const spawned = this.#spawned;
    this.#spawned = null;
    if (spawned === null) return null;
    spawned.kill(signal);
    return spawned.ended(withinMs);
  }

  #living(): Spawned {
    if (this.#spawned === null) throw new Error(`nobody works in place ${this.#options.number}`);
    return this.#spawned;
  }

  /** Starts it again where its store was away, as whoever keeps services up does. */
  async #watch(spawned: Spawned): Promise<void> {
    while (spawned.exit === null && this.#spawned === spawned) await pause(AGAIN_MS);
    if (this.#spawned !== spawned || this.#isOver) return;
    const { code, signal } = spawned.exit ?? { code: null, signal: null };
    if (code !== NO_STORE) {
      const said = spawned.stderr.slice(-1000);
      this.#surprises.push(`${spawned.title} ended by itself with ${code ?? signal}: ${said}`);
    }
    this.#spawned = null;
    this.start("same-name");
  }

  #spawn(order: WorkerOrder): Spawned {
    const { ground, kind } = this.#options;
    const { PATH = "", HOME = "" } = process.env;
    const node = [process.execPath, "--conditions=source"];
    const argv = kind === "cli" ? [...node, COMMAND_LINE, ...wordsOf(order)] : [...node, WORKER];
    return new Spawned(argv, {
      cwd: ground.folder,
      env: {
        PATH,
        HOME,
        NO_COLOR: "1",
        TMPDIR: ground.folder,
        NODE_COMPILE_CACHE: COMPILED,
        LC_WITNESS_LIFE: order.life,
        ...(kind === "cli" ? {} : { [ORDER]: JSON.stringify(order) }),
      },
    });
  }

  #order(life: string, name: string, death: Death | null): WorkerOrder {
    const { ground, proxied, concurrency, leaseTimes } = this.#options;
    return {
      life,
      name,
      concurrency,
      leaseTimes,
      death,
      url: proxied ? ground.proxiedUrl : ground.url,
      folder: ground.books,
      witnessFolder: ground.witness.folder,
      pools: ["default", SCARCE],
    };
  }
}

const LEASES = "select from planwright.leases where pid = $1 and name = $2 and ended_at is null";

function wordsOf({ url, name, pools, concurrency }: WorkerOrder): readonly string[] {
  const settings = { store: url, name, pools: pools.join(","), concurrency: String(concurrency) };
  return ["worker", ...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value])];
}
