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
 * Where something in it cannot be stored, each is carried out alone, so that only that one fails.
 */
export class GroupCommit {
  readonly #clock: StoreClock;
  readonly #pure: Pure;
  readonly #cache: PlanCache;
  readonly #store: WaveStore;
  #commands: Waiting[] = [];
  #tasks: Task[] = [];
  /** So many are carried out one by one: they failed together, and one of them may be why. */
  #alone = 0;
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
    while (this.#isWaiting) this.#flush();
  }

  get #isWaiting(): boolean {
    return this.#commands.length > 0 || this.#tasks.length > 0;
  }

  #deferFlush(): void {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#clock.defer(() => {
      this.#isDeferred = false;
      this.#flush();
      if (this.#isWaiting) this.#deferFlush();
    });
  }

  #flush(): void {
    if (!this.#isWaiting) return;
    const { commands, tasks } = this.#next();
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

  #next(): { readonly commands: readonly Waiting[]; readonly tasks: readonly Task[] } {
    if (this.#alone > 0) {
      this.#alone -= 1;
      const tasks = this.#tasks.splice(0, 1);
      return { tasks, commands: tasks.length > 0 ? [] : this.#commands.splice(0, 1) };
    }
    const commands = this.#commands.splice(0, COMMANDS_PER_WAVE);
    return { commands, tasks: this.#tasks.splice(0) };
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
    for (const [key, { held }] of wave.held) this.#cache.put(key, held);
  }

  #fail(commands: readonly Waiting[], tasks: readonly Task[], error: unknown): void {
    for (const { submission } of commands) {
      this.#cache.delete(cacheKey(submission.tenantId, submission.command.planId));
    }
    if (commands.length + tasks.length > 1 && !isOfTheWorld(error)) {
      this.#alone = commands.length + tasks.length;
      this.#commands = [...commands, ...this.#commands];
      this.#tasks = [...tasks, ...this.#tasks];
      return;
    }
    for (const waiting of [...commands, ...tasks]) waiting.reject(error);
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

/** What would meet each of them alone as well; anything else is one of them that cannot be stored. */
function isOfTheWorld(error: unknown): boolean {
  return StoreFault.is(error) && error.code !== "failed";
}

function closed(): StoreFault {
  return new StoreFault("closed", "the store has been closed");
}
