import type { CommandCheckResult, Outcome, StepError } from "../../core/step/outcome.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { ExecutionContext, Executor } from "../../engine/executor.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { idempotencyKey } from "../../executor/idempotency-key.ts";
import { StoreFault } from "../../store/store.ts";
import { Chance } from "../chance.ts";
import { drawScript, type Script } from "./draw-script.ts";
import type { ScriptRates } from "./swarm.ts";
import type { World } from "./world.ts";

export interface ScriptedExecutorOptions {
  readonly seed: number;
  readonly world: World;
  /** Asked at each attempt, so that it can become calm. */
  readonly rates: () => ScriptRates;
  /** Ends the process that it runs in, at once. */
  readonly die: () => void;
}

/** An executor that follows a script drawn by the name of its attempt, and is honest about what it did. */
export function createScriptedExecutor(options: ScriptedExecutorOptions): Executor {
  return {
    capabilities: ["tool:work", "command", "agent", "external", "verify"],
    execute: (lease, context) => new Performance(options, lease, context).run(),
  };
}

/** One attempt on the stage. */
class Performance {
  readonly #options: ScriptedExecutorOptions;
  readonly #lease: Lease;
  readonly #context: ExecutionContext;
  readonly #chance: Chance;
  readonly #script: Script;
  #hasActed = false;

  constructor(options: ScriptedExecutorOptions, lease: Lease, context: ExecutionContext) {
    this.#options = options;
    this.#lease = lease;
    this.#context = context;
    const name = lease.scope.plan["name"];
    const planName = typeof name === "string" ? name : lease.planId;
    this.#chance = new Chance(options.seed, "script", planName, lease.stepKey, lease.attempt);
    this.#script = drawScript(this.#chance, lease, options.rates());
  }

  /** A store that fails under it is told as what it is: once it has acted, nobody knows. */
  async run(): Promise<Outcome> {
    try {
      return await this.#perform();
    } catch (error) {
      if (!StoreFault.is(error)) throw error;
      return failed("store", { retryable: true, ambiguous: this.#hasActed });
    }
  }

  async #perform(): Promise<Outcome> {
    const { ending, leadMs, actMs, restMs } = this.#script;
    this.#options.world.begin(this.#lease);
    if (this.#chance.happens(0.2, "talks")) this.#context.write("stdout", "at work\n");
    if (!(await this.#pass(leadMs))) return this.#cutShort();
    const throwsEarly = ending === "throw" && this.#chance.happens(0.5, "throws early");
    if (throwsEarly) throw new Error("it broke before it had done anything, and does not say so");
    if (ending === "fail-before") return failed("busy", { retryable: true });
    if (ending === "fail-for-good") return failed("broken", { retryable: false });
    if (ending === "die-before") return this.#die();
    if (!(await this.#act(actMs))) return this.#cutShort();
    if (ending === "throw") throw new Error("it broke in the middle");
    if (ending === "die-after") return this.#die();
    if (!(await this.#pass(restMs))) return this.#cutShort();
    if (ending === "hang") return forever();
    if (ending === "ambiguous") return failed("unclear", { retryable: true, ambiguous: true });
    return this.#succeed();
  }

  /** The effect itself: of a command, by a program of its own that outlives this process. */
  async #act(ms: number): Promise<boolean> {
    const { world } = this.#options;
    const lease = this.#lease;
    const call = idempotencyKey(lease, this.#context.pure);
    if (lease.document.do !== "command") {
      if (!(await this.#pass(ms))) return false;
      this.#hasActed = true;
      world.act(lease, call);
      return true;
    }
    const program = world.nameProgram();
    await this.#context.recordProcess(program);
    if (this.#context.signal.aborted) return false;
    world.run(program, ms, (begunAt) => {
      this.#hasActed = true;
      world.act(lease, call, begunAt);
    });
    const isDone = await this.#pass(ms + 1);
    world.endProgram(program);
    await this.#context.removeProcess(program).catch(() => undefined);
    return isDone && this.#hasActed;
  }

  async #succeed(): Promise<Outcome> {
    const { ending, value } = this.#script;
    const output = ending === "unfit" ? { nothing: true } : { value, items: [value, value + 1] };
    const artifacts = this.#chance.happens(0.15, "publishes")
      ? [await this.#context.publish({ name: "result.txt", content: `value ${value}` })]
      : [];
    return {
      kind: "succeeded",
      output,
      ...(ending === "partial" ? { partial: "half of it" } : {}),
      ...(artifacts.length === 0 ? {} : { artifacts }),
      ...(this.#lease.document.verify === undefined ? {} : { checks: this.#checks() }),
    };
  }

  #checks(): readonly CommandCheckResult[] {
    const checks = this.#lease.document.verify?.checks ?? [];
    return checks.map((_, index) => {
      const passed = this.#script.checksPass || !this.#chance.happens(0.7, "check", index);
      return { index, passed, exitCode: passed ? 0 : 1, message: passed ? "" : "exit code 1" };
    });
  }

  /** Told to stop: it says what it knows. */
  #cutShort(): Outcome {
    if (!this.#hasActed) return failed("stopped", { retryable: true });
    return failed("stopped", { retryable: true, ambiguous: true });
  }

  #die(): Promise<Outcome> {
    this.#options.die();
    return forever();
  }

  /** Lets time pass; false where it was told to stop and listens. */
  #pass(ms: number): Promise<boolean> {
    const { signal, runtime } = this.#context;
    if (this.#script.ignoresAbort) return pause(runtime, ms).then(() => true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = runtime.setTimer(ms, () => {
        this.#context.heartbeat();
        resolve(!signal.aborted);
      });
      const stop = (): void => {
        timer.cancel();
        resolve(false);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }
}

function failed(code: string, how: Pick<StepError, "retryable" | "ambiguous">): Outcome {
  return { kind: "failed", error: { code, message: `the script says: ${code}`, ...how } };
}

function pause(runtime: Runtime, ms: number): Promise<void> {
  return new Promise((resolve) => void runtime.setTimer(ms, resolve));
}

function forever<T>(): Promise<T> {
  return new Promise(() => undefined);
}
