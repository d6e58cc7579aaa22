import type { PlanCommand } from "../core/plan/command.ts";
import type { Decide, Decision } from "../core/plan/decision.ts";
import type { MessageId } from "../core/plan/message.ts";
import type { Pure } from "../core/pure.ts";
import type { StoreClock } from "./clock.ts";
import { decideWave, type DecidedWave, type WaveSource } from "./decide-wave.ts";
import { cacheKey, type PlanCache } from "./plan-cache.ts";
import { StoreFault } from "./store.ts";
import type { Submission, Wave } from "./wave.ts";

/** A store that decides and writes on the spot, in synchronous transactions. */
export interface WaveStore {
  readonly source: WaveSource;
  /** All or nothing; throws a `StoreFault` where the world failed. */
  transaction<T>(work: () => T): T;
  /** Inside a transaction. */
  write(wave: Wave): void;
  /** After each transaction and its answers; must not throw. */
  afterWave?(): void;
}

export interface GroupCommitOptions {
  readonly clock: StoreClock;
  readonly pure: Pure;
  readonly cache: PlanCache;
  readonly store: WaveStore;
}

/** Longer waves gain little more and keep the others waiting. */
const COMMANDS_PER_WAVE = 64;

/**
 * Commits that wait at the same time share one transaction and one fsync. Everybody is answered
 * after it, never before; where it fails, everybody gets the fault and its plans are read afresh.
 */
export class GroupCommit {
  readonly #clock: StoreClock;
  readonly #pure: Pure;
  readonly #cache: PlanCache;
  readonly #store: WaveStore;
  #commands: Waiting[] = [];
  #tasks: Task[] = [];
  #isDeferred = false;
  #isClosed = false;

  constructor(options: GroupCommitOptions) {
    this.#clock = options.clock;
    this.#pure = options.pure;
    this.#cache = options.cache;
    this.#store = options.store;
  }

  commit(
    tenantId: string,
    command: PlanCommand,
    decide: Decide,
    settles: MessageId | null,
  ): Promise<Decision> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      const submission = { tenantId, command, decide, settles };
      this.#commands.push({ submission, resolve, reject });
      this.#deferFlush();
    });
  }

  /** Some other write, in the same transaction as the commands of the moment. */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      this.#tasks.push(taskOf(work, resolve, reject));
      this.#deferFlush();
    });
  }

  /** Writes what still waits; from then on everything is refused. */
  close(): void {
    this.#isClosed = true;
    while (this.#commands.length > 0 || this.#tasks.length > 0) this.#flush();
  }

  #deferFlush(): void {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#clock.defer(() => {
      this.#isDeferred = false;
      this.#flush();
      if (this.#commands.length > 0) this.#deferFlush();
    });
  }

  #flush(): void {
    const commands = this.#commands.splice(0, COMMANDS_PER_WAVE);
    const tasks = this.#tasks;
    this.#tasks = [];
    if (commands.length === 0 && tasks.length === 0) return;
    let wave: DecidedWave;
    try {
      wave = this.#store.transaction(() => this.#carryOut(commands, tasks));
    } catch (error) {
      this.#fail(commands, tasks, error);
      return;
    }
    this.#keep(commands, wave);
    for (const task of tasks) task.resolve();
    this.#answer(commands, wave);
    this.#store.afterWave?.();
  }

  #carryOut(commands: readonly Waiting[], tasks: readonly Task[]): DecidedWave {
    const submissions = commands.map(({ submission }) => submission);
    const wave = decideWave(submissions, this.#store.source, this.#pure);
    this.#store.write(wave);
    for (const task of tasks) task.run();
    return wave;
  }

  #keep(commands: readonly Waiting[], wave: DecidedWave): void {
    for (const { submission } of commands) {
      const key = cacheKey(submission.tenantId, submission.command.planId);
      if (!wave.held.has(key)) this.#cache.delete(key);
    }
    for (const [key, held] of wave.held) this.#cache.put(key, held);
  }

  #fail(commands: readonly Waiting[], tasks: readonly Task[], error: unknown): void {
    for (const waiting of commands) {
      const { tenantId, command } = waiting.submission;
      this.#cache.delete(cacheKey(tenantId, command.planId));
      waiting.reject(error);
    }
    for (const task of tasks) task.reject(error);
  }

  #answer(commands: readonly Waiting[], wave: DecidedWave): void {
    const again: Waiting[] = [];
    for (const waiting of commands) {
      const answer = wave.answers.get(waiting.submission);
      if (answer?.kind === "decided") waiting.resolve(answer.decision);
      else if (answer?.kind === "failed") waiting.reject(answer.error);
      else again.push(waiting);
    }
    if (again.length > 0) this.#commands = [...again, ...this.#commands];
  }
}

interface Waiting {
  readonly submission: Submission;
  resolve(decision: Decision): void;
  reject(error: unknown): void;
}

interface Task {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

function taskOf<T>(work: () => T, resolve: (value: T) => void, reject: Task["reject"]): Task {
  let value: T;
  return {
    run: () => {
      value = work();
    },
    resolve: () => resolve(value),
    reject,
  };
}

function closed(): StoreFault {
  return new StoreFault("closed", "the store has been closed");
}
