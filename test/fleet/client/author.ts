import { isDeepStrictEqual } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import type { PlanId, TenantId } from "../../../src/core/id.ts";
import { DEFAULT_LIMITS } from "../../../src/core/limits.ts";
import type { CommandData, CommandType } from "../../../src/core/plan/command.ts";
import type { PlanDocument } from "../../../src/core/plan/document.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { pinsOf } from "../../../src/engine/pins.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Witness } from "../../torture/witness/witness.ts";
import { drawLoad, SIGNAL, unansweredPlan, type Shape } from "../plan/draw-load.ts";
import { WORK_TOOL } from "../plan/work-tool.ts";
import type { Client, Told } from "./client.ts";

/** A plan that was told to be cancelled, and when its author was told that it is. */
export interface Cancel {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly at: number;
}

export interface AuthorOptions {
  readonly client: Client;
  readonly chance: Chance;
  readonly witness: Witness;
  readonly tenantIds: readonly TenantId[];
  /** Plans under way at once. */
  readonly plansMax: number;
}

/** Plans that nobody answers: they are to wait, for a reason that has a name. */
const UNANSWERED = 3;
const LOOK_MS = 40;
const LIST_MS = 300;

/** Submits, approves and starts plans one after the other, and cancels, pauses and calls some. */
export class Author {
  readonly #options: AuthorOptions;
  readonly #cancels: Cancel[] = [];
  readonly #faults: string[] = [];
  readonly #unanswered = new Set<PlanId>();
  readonly #shapes = new Map<Shape, number>();
  #plans = 0;
  #beginning = 0;
  #executing = 0;
  #acting = 0;

  constructor(options: AuthorOptions) {
    this.#options = options;
  }

  /** What was told that should not have been. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  get cancels(): readonly Cancel[] {
    return this.#cancels;
  }

  get unanswered(): ReadonlySet<PlanId> {
    return this.#unanswered;
  }

  /** How many plans of each shape were begun. */
  get shapes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#shapes);
  }

  get plans(): number {
    return this.#plans;
  }

  /** Whether it still has something to do with a plan. */
  get isActing(): boolean {
    return this.#acting > 0;
  }

  /** Keeps as many plans under way as may be, until it is told to stop. */
  async keepBusy(signal: AbortSignal): Promise<void> {
    for (let number = 1; number <= UNANSWERED; number += 1) void this.#beginUnanswered(number);
    const counting = this.#count(signal);
    while (!signal.aborted) {
      const { plansMax } = this.#options;
      if (this.#beginning + this.#executing < plansMax + UNANSWERED) void this.#beginOne();
      await pause(LOOK_MS);
    }
    await counting;
  }

  async #count(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#executing = await this.countExecuting();
      await pause(LIST_MS);
    }
  }

  /** Plans, but for sub-plans, that are under way. */
  async countExecuting(): Promise<number> {
    const { client, tenantIds } = this.#options;
    const query = { status: ["executing"], parentPlanId: null, limit: 200 } as const;
    const pages = await Promise.all(
      tenantIds.map((tenantId) => client.look(tenantId, (store) => store.plans(query))),
    );
    return pages.reduce((sum, { data }) => sum + data.length, 0);
  }

  async #beginUnanswered(number: number): Promise<void> {
    const planId = `pln_unanswered-${number}`;
    this.#unanswered.add(planId);
    const tenantId = this.#options.chance.pick(this.#options.tenantIds, "tenant", planId);
    await this.#living(this.#begin({ tenantId, planId }, unansweredPlan()));
  }

  async #beginOne(): Promise<void> {
    const number = (this.#plans += 1);
    const chance = this.#options.chance.of("plan", number);
    const { shape, document } = drawLoad(chance, this.#options.witness);
    this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + 1);
    const tenantId = chance.pick(this.#options.tenantIds, "tenant");
    const subject = { tenantId, planId: `pln_${number}` };
    await this.#living(this.#carry(chance, subject, { shape, document }));
  }

  async #living(life: Promise<void>): Promise<void> {
    this.#acting += 1;
    try {
      await life;
    } catch (error) {
      this.#faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      this.#acting -= 1;
    }
  }

  async #carry(
    chance: Chance,
    subject: Subject,
    { shape, document }: { readonly shape: Shape; readonly document: PlanDocument },
  ): Promise<void> {
    await this.#begin(subject, document, chance);
    if (shape === "pauses") {
      const payload = chance.between(1, 9, "payload");
      await this.#act(subject, "signal.deliver", { name: SIGNAL, payload, key: "only" });
    }
    await Promise.all([
      this.#perhapsCancel(chance.of("cancel"), subject, shape),
      this.#perhapsPause(chance.of("pause"), subject),
    ]);
  }

  async #begin(subject: Subject, document: PlanDocument, chance?: Chance): Promise<void> {
    this.#beginning += 1;
    try {
      const create = this.#creationOf(subject, document);
      const created = await this.#must(
        subject,
        "plan.create",
        create,
        chance?.happens(0.1, "twice"),
      );
      const submitted = await this.#must(subject, "plan.submit", {});
      const asksFor = eventOf(submitted, "plan.submitted")?.data.requestId;
      const digest = eventOf(created, "plan.created")?.data.digest;
      if (document.policy?.approval === "required") {
        const answers = chance?.happens(0.3, "by request") === true && asksFor !== undefined;
        if (answers) {
          const decision = { requestId: asksFor, answer: { approved: true } };
          await this.#must(subject, "request.decide", decision);
        } else {
          const bound = digest === undefined ? {} : { digest };
          await this.#must(subject, "plan.approve", { by: "person", ...bound });
        }
      }
      await this.#must(subject, "plan.start", {}, chance?.happens(0.1, "start twice"));
    } finally {
      this.#beginning -= 1;
    }
  }

  #creationOf({ tenantId }: Subject, document: PlanDocument): CommandData["plan.create"] {
    return {
      tenantId,
      document,
      inputs: {},
      pins: pinsOf(document, new Map([[WORK_TOOL, "repeatable"]])),
      origin: { kind: "library", trust: "operator", folder: this.#options.witness.folder },
      limits: DEFAULT_LIMITS,
    };
  }

  async #perhapsCancel(chance: Chance, subject: Subject, shape: Shape): Promise<void> {
    if (!chance.happens(shape === "family" ? 0.3 : 0.08, "at all")) return;
    await pause(chance.between(0, 1500, "when"));
    const mode = chance.happens(0.6, "stop") ? "stop" : "drain";
    const { decision, at } = await this.#act(subject, "plan.cancel", { mode, reason: "enough" });
    if (decision.ok) this.#cancels.push({ ...subject, at });
  }

  async #perhapsPause(chance: Chance, subject: Subject): Promise<void> {
    if (!chance.happens(0.06, "at all")) return;
    await pause(chance.between(0, 500, "when"));
    const { decision } = await this.#act(subject, "plan.pause", {});
    if (!decision.ok) return;
    await pause(chance.between(100, 1500, "how long"));
    await this.#act(subject, "plan.resume", {});
  }

  #act<T extends CommandType>(subject: Subject, type: T, data: CommandData[T]): Promise<Told> {
    return this.#options.client.act({ ...subject, type, data });
  }

  /** What nothing stands against: a refusal of it is a fault. */
  async #must<T extends CommandType>(
    subject: Subject,
    type: T,
    data: CommandData[T],
    twice: boolean | undefined = false,
  ): Promise<Told> {
    const wish = { ...subject, type, data };
    const all = twice
      ? await this.#options.client.actTwice(wish)
      : [await this.#act(subject, type, data)];
    const [told, again] = all;
    if (told === undefined) throw new Error("nothing was sent");
    if (!told.decision.ok) {
      const why = told.decision.refusal.message;
      throw new Error(`${type} of ${subject.planId} was refused: ${why}`);
    }
    const isSame = again === undefined || isDeepStrictEqual(plain(again), plain(told));
    if (!isSame)
      this.#faults.push(`${type} of ${subject.planId} was answered twice, and differently`);
    return told;
  }
}

interface Subject {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
}

function plain({ decision }: Told): unknown {
  return JSON.parse(JSON.stringify(decision.events));
}

function eventOf<T extends PlanEvent["type"]>(
  { decision }: Told,
  type: T,
): Extract<PlanEvent, { type: T }> | undefined {
  return decision.events.find(
    (event): event is Extract<PlanEvent, { type: T }> => event.type === type,
  );
}
