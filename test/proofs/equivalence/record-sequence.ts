import type { CommandId, PlanId, TenantId } from "../../../src/core/id.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../src/core/limits.ts";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { PlanDocument } from "../../../src/core/plan/document.ts";
import type { MessageId, PlanMessage } from "../../../src/core/plan/message.ts";
import { isEnded } from "../../../src/core/plan/plan.ts";
import type { Committer } from "../../../src/engine/committer.ts";
import { Messenger } from "../../../src/engine/messenger.ts";
import { fillInputs } from "../../../src/format/input-values.ts";
import type { StoreReader, Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import type { Wish } from "../../../src/testing/given.ts";
import { drawInputs, drawPlan } from "../../../src/testing/simulation/draw-plan.ts";
import { wishOf, type Move } from "../../fuzz/moves.ts";
import { BEGINS_AT, Subject } from "../../fuzz/subject.ts";
import { decorateDocument, decorateWish } from "./decorate.ts";
import { Oracle } from "./oracle.ts";
import type { Burst, RecordedCommand, Sequence } from "./sequence.ts";

export interface SequenceOptions {
  readonly seed: number;
  /** Counted within the seed. */
  readonly number: number;
  readonly tenantId: TenantId;
  /** Told apart by it within the tenant; other tenants use the same ids. */
  readonly place: string;
}

/** Small ones, so that they are met. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  forEachMax: 50,
  signalsMax: 3,
  recoveriesBeforeAlone: 2,
  recoveriesMax: 3,
};

/** So many bursts come after everything is over: they are refused, and that is decided as well. */
const AFTER_THE_END = 3;

/** Draws a sequence from its seed and carries it out by the rules alone. */
export async function recordSequence(options: SequenceOptions): Promise<Sequence> {
  const recorder = new Recorder(options);
  recorder.begin();
  const { chance } = recorder;
  const length = chance.between(8, 60, "length");
  for (let burst = 0, after = 0; burst < length && after < AFTER_THE_END; burst += 1) {
    await recorder.burst(burst);
    if (recorder.isOver) after += 1;
  }
  if (!recorder.isOver && chance.happens(0.3, "called off")) await recorder.callOff();
  const { seed, number, tenantId } = options;
  const name = `seed ${seed}, sequence ${number}`;
  return { name, tenantId, bursts: recorder.bursts, oracle: recorder.oracle };
}

class Recorder {
  readonly chance: Chance;
  readonly oracle = new Oracle();
  readonly bursts: Burst[] = [];
  readonly #options: SequenceOptions;
  readonly #document: PlanDocument;
  /** Sees which moves there are in a plan. */
  readonly #eyes: Subject;
  readonly #messenger: Messenger;
  /** Commands that may be sent again. */
  readonly #sent: { readonly command: PlanCommand; readonly settles: MessageId | null }[] = [];
  /** How many of them came in bursts that are over. */
  #answered = 0;
  #recorded: RecordedCommand[] = [];
  #now = BEGINS_AT;
  #commands = 0;
  /** How many more commands whoever delivers messages lives to send. */
  #breath = Number.POSITIVE_INFINITY;

  constructor(options: SequenceOptions) {
    this.#options = options;
    this.chance = new Chance(options.seed, "equivalence", options.number);
    const shape = { stepsMax: 8, depth: 2, now: BEGINS_AT };
    const drawn = drawPlan(`plan ${options.place}`, this.chance.of("plan"), shape);
    this.#document = decorateDocument(drawn, this.chance.of("odd"));
    this.#eyes = new Subject(drawn, "draft");
    this.#messenger = new Messenger(this.#readable(), this.#committer());
  }

  /** Every plan has ended, and nothing is to be told any more. */
  get isOver(): boolean {
    const plans = [...this.oracle.plans.values()];
    return this.oracle.messages.length === 0 && plans.every(({ plan }) => isEnded(plan.status));
  }

  begin(): void {
    const begin = this.chance.pick(["draft", "submitted", "started", "started"], "begin");
    if (this.chance.happens(0.1, "invalid")) {
      this.#send(this.#createWish("pln_invalid", { ...this.#document, steps: BROKEN }));
    }
    this.#send({ ...this.#createWish(this.#root, this.#document), begin });
    this.#close(false);
  }

  async burst(number: number): Promise<void> {
    const chance = this.chance.of("burst", number);
    // Who has come later may be behind whoever came before.
    this.#now += chance.happens(0.1, "back") ? -chance.between(0, 2000, "ms") : drawPause(chance);
    if (chance.happens(0.12, "race")) {
      const id = this.#move(chance);
      return this.#close(id !== null && this.oracle.remembers(id));
    }
    const messages = this.oracle.messages;
    const size = chance.between(1, 5, "size");
    for (let one = 0; one < size; one += 1) await this.#act(chance.of(one), messages);
    this.#close(false);
  }

  /** Somebody calls the plan off, and all messages arrive. */
  async callOff(): Promise<void> {
    this.#send({ type: "plan.cancel", mode: "stop", planId: this.#root });
    this.#close(false);
    for (let rounds = 0; rounds < 6; rounds += 1) {
      for (const message of this.oracle.messages) {
        await this.#messenger.deliver(this.#options.tenantId, message);
      }
      this.#close(false);
    }
  }

  async #act(chance: Chance, messages: readonly PlanMessage[]): Promise<void> {
    const share = messages.length > 0 ? 6 : 0;
    const weights = { move: 12, deliver: share, again: 2, reuse: 1, stranger: 1, twin: 0.3 };
    switch (chance.pickWeighted(weights, "act")) {
      case "move":
        this.#move(chance);
        return;
      case "deliver":
        return this.#deliver(chance, chance.pick(messages, "message"));
      case "again":
        return this.#again(chance);
      case "reuse":
        return this.#reuse(chance);
      case "stranger":
        return this.#strange(chance);
      case "twin":
        return this.#twin(chance);
    }
  }

  #move(chance: Chance): CommandId | null {
    const plans = [...this.oracle.plans.values()].map(({ plan }) => plan);
    const open = plans.filter(({ status }) => !isEnded(status));
    const some = open.length > 0 && chance.happens(0.95, "open") ? open : plans;
    const { id: planId } = chance.pick(some, "plan");
    const wish = this.#drawFitting(chance, planId);
    return wish === null ? null : this.#send({ ...wish, planId });
  }

  /** Most of what can be wished comes to nothing: what moves the plan is preferred. */
  #drawFitting(chance: Chance, planId: PlanId): Wish | null {
    const wishes = [1, 2, 3, 4, 5].map((one) => this.#draw(chance.of("try", one), planId));
    const fitting = wishes.find((wish) => wish !== null && this.#moves({ ...wish, planId }));
    return chance.happens(0.85, "fitting") ? (fitting ?? wishes[0] ?? null) : (wishes[0] ?? null);
  }

  #moves(wish: Wish): boolean {
    return this.oracle.peek(this.#command(wish)).events.length > 0;
  }

  async #deliver(chance: Chance, message: PlanMessage): Promise<void> {
    if (chance.happens(0.15, "dies")) this.#breath = chance.between(0, 1, "breath");
    try {
      await this.#messenger.deliver(this.#options.tenantId, message);
    } catch (error) {
      if (error !== DEATH) throw error;
    }
    this.#breath = Number.POSITIVE_INFINITY;
  }

  /** The same wish again, with another time and chance: it is known by its id. */
  #again(chance: Chance): void {
    const { command, settles } = chance.pick(this.#sent.slice(-30), "which");
    const later = { ...command, at: this.#now, ...("chance" in command ? { chance: 0.9 } : {}) };
    this.#record(chance.happens(0.5, "as it was") ? command : later, settles, false);
  }

  #reuse(chance: Chance): void {
    const { command } = chance.pick(this.#sent.slice(0, this.#answered), "which");
    const wish = this.#draw(chance, this.#root);
    if (wish === null || wish.type === command.type || !this.oracle.remembers(command.id)) return;
    this.#send({ ...wish, planId: this.#root, id: command.id });
  }

  /** Another plan of the same name, or what is none at all. */
  #twin(chance: Chance): void {
    const steps = chance.happens(0.4, "invalid") ? BROKEN : this.#document.steps;
    this.#send(this.#createWish(this.#root, { ...this.#document, steps }));
  }

  /** To a plan that there is not, or not yet. */
  #strange(chance: Chance): void {
    const unborn = this.oracle.messages.filter(({ to }) => this.oracle.plan(to) === null);
    const planId = chance.pick([...unborn.map(({ to }) => to), "pln_nowhere"], "whom");
    const wish = this.#draw(chance, this.#root);
    if (wish !== null) this.#send({ ...wish, planId });
  }

  #draw(chance: Chance, planId: PlanId): Wish | null {
    const plan = this.oracle.plan(planId);
    if (plan === null) return null;
    this.#eyes.plan = plan;
    const wish = wishOf(this.#eyes, drawMove(chance, plan.status === "executing"));
    return wish === null ? null : decorateWish(wish, chance.of("odd"), this.#name("art"));
  }

  #createWish(planId: PlanId, document: PlanDocument): Extract<Wish, { type: "plan.create" }> {
    return {
      type: "plan.create",
      planId,
      tenantId: this.#options.tenantId,
      document,
      inputs: fillInputs(document, drawInputs(document, this.chance.of("inputs"))).inputs,
      pins: { tools: { work: { effect: "repeatable" } } },
      origin: { kind: "library", trust: "operator" },
      limits: LIMITS,
    };
  }

  #send(wish: Wish): CommandId {
    this.#commands += 1;
    const command = this.#command(wish);
    this.#record(command, null);
    return command.id;
  }

  #command(wish: Wish): PlanCommand {
    return {
      id: this.#name("cmd"),
      planId: this.#root,
      at: this.#now,
      actor: { kind: "person", id: "ada" },
      ...wish,
    };
  }

  #record(command: PlanCommand, settles: MessageId | null, isFirst = true): Decision {
    const answer = this.oracle.send(command, settles);
    this.#recorded.push({ command, settles, answer });
    if (isFirst) this.#sent.push({ command, settles });
    return answer;
  }

  #close(isRace: boolean): void {
    if (this.#recorded.length === 0) return;
    this.bursts.push({ commands: this.#recorded, isRace });
    this.#recorded = [];
    this.#answered = this.#sent.length;
  }

  get #root(): PlanId {
    return `pln_${this.#options.place}`;
  }

  #name(prefix: string): string {
    return `${prefix}_${this.#options.place}_${this.#commands}`;
  }

  /** The oracle, as far as whoever delivers messages looks at plans. */
  #readable(): Stores {
    const read: StoreReader["read"] = async (planId, look) => {
      const plan = this.oracle.plan(planId);
      return plan === null ? null : look(plan);
    };
    return { forTenant: () => ({ read }) } as unknown as Stores;
  }

  #committer(): Committer {
    return {
      commit: async ({ planId, type, data, actor, id, settles }) => {
        if (this.#breath <= 0) throw DEATH;
        this.#breath -= 1;
        const command = {
          ...data,
          id,
          planId,
          type,
          at: this.#now,
          actor,
        } as unknown as PlanCommand;
        return this.#record(command, settles ?? null);
      },
      onCommit: () => ({ [Symbol.dispose]: () => {} }),
    };
  }
}

/** A step that needs one that there is not. */
const BROKEN: PlanDocument["steps"] = { a: { do: "agent", owner: "writer", needs: ["nowhere"] } };

/** What ends whoever delivers messages, half-way. */
const DEATH = new Error("the process that delivered a message has died");

const MOVES: Readonly<Record<Move["kind"], number>> = {
  lease: 4,
  report: 5,
  "late-report": 1,
  lose: 1,
  timer: 1.5,
  decide: 3,
  signal: 1,
  child: 0.3,
  "plan-act": 1,
  "step-act": 0.7,
};

function drawMove(chance: Chance, isExecuting: boolean): Move {
  return {
    // Until it executes, there is little else to do.
    kind:
      isExecuting || chance.happens(0.3, "early") ? chance.pickWeighted(MOVES, "move") : "plan-act",
    pick: chance.between(0, 1000, "pick"),
    how: chance.between(0, 1_000_000, "how"),
    passMs: 0,
  };
}

function drawPause(chance: Chance): number {
  const most = { none: 0, short: 300, long: 30_000 };
  return chance.between(
    0,
    most[chance.pickWeighted({ none: 2, short: 3, long: 3 }, "pause")],
    "ms",
  );
}
