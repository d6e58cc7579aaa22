import type { Actor } from "../core/actor.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { PlanId, RequestId, TenantId } from "../core/id.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { DEFAULT_LIMITS, type Limits } from "../core/limits.ts";
import type { CommandData, CommandType } from "../core/plan/command.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import type { CancelMode, FinishReport } from "../core/plan/event.ts";
import type { Surroundings } from "../core/plan/explain.ts";
import type { Origin, Revision } from "../core/plan/plan.ts";
import { viewHead, type PlanHeadView } from "../core/plan/view.ts";
import type { Refusal } from "../core/refusal.ts";
import { fillInputs } from "../format/input-values.ts";
import type { Store, Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import { pinsOf, type ToolEffects } from "./pins.ts";
import { PlanReader } from "./plan-reader.ts";
import type { Runtime } from "./runtime.ts";

/** What an act came to: the plan as it is now, or a lawful no. */
export type Answer =
  | { readonly ok: true; readonly plan: PlanHeadView }
  | { readonly ok: false; readonly refusal: Refusal };

/** A text to be made a plan. */
export interface NewPlan {
  readonly document: PlanDocument;
  readonly inputs?: JsonObject;
  readonly origin: Origin;
  /** Under the same key the same plan is found again. */
  readonly idempotencyKey?: string;
  readonly limits?: Partial<Limits>;
}

export interface OrchestratorOptions {
  readonly tenantId: TenantId;
  readonly stores: Stores;
  readonly committer: Committer;
  readonly runtime: Runtime;
  readonly toolEffects: ToolEffects;
  /** What this process can carry out; null where it carries out nothing. */
  readonly surroundings: () => Surroundings["workers"];
}

/** Every act on plans, for one tenant: what all faces are made of. */
export class Orchestrator extends PlanReader<Store> {
  readonly #options: OrchestratorOptions;

  constructor(options: OrchestratorOptions) {
    super({ ...options, store: options.stores.forTenant(options.tenantId) });
    this.#options = options;
  }

  /** Makes a draft of a text. */
  async create(plan: NewPlan, actor: Actor): Promise<Answer> {
    const { document, idempotencyKey } = plan;
    const { runtime, tenantId, toolEffects } = this.#options;
    const filled = fillInputs(document, plan.inputs ?? {});
    if (filled.faults.length > 0) {
      const message = filled.faults.map((fault) => fault.message).join("; ");
      return { ok: false, refusal: { code: "invalid-input", message, faults: filled.faults } };
    }
    const planId = `pln_${idempotencyKey ?? runtime.uuid()}`;
    const { inputs } = filled;
    const answer = await this.#act("plan.create", planId, actor, {
      tenantId,
      document,
      inputs,
      pins: pinsOf(document, toolEffects),
      origin: plan.origin,
      limits: { ...DEFAULT_LIMITS, ...plan.limits },
    });
    const isThere = !answer.ok && answer.refusal.code === "already-exists";
    return isThere && idempotencyKey !== undefined
      ? ((await this.#findSame(planId, { document, inputs })) ?? answer)
      : answer;
  }

  /** The plan that was made of the same text before; null where it is another one. */
  async #findSame(
    planId: PlanId,
    { document, inputs }: Pick<Revision, "document" | "inputs">,
  ): Promise<Answer | null> {
    const text = canonicalText({ document, inputs });
    const found = await this.store.read(planId, (plan) =>
      canonicalText({ document: plan.revision.document, inputs: plan.revision.inputs }) === text
        ? viewHead(plan)
        : null,
    );
    return found === null ? null : { ok: true, plan: found };
  }

  /** Asks for approval; a policy without approval approves at once. */
  submit(planId: PlanId, actor: Actor): Promise<Answer> {
    return this.#act("plan.submit", planId, actor, {});
  }

  /** Approves exactly the text of that digest (the current one, where none is named). */
  approve(
    planId: PlanId,
    actor: Actor,
    options: { readonly digest?: string; readonly comment?: string; readonly start?: boolean } = {},
  ): Promise<Answer> {
    return this.#act("plan.approve", planId, actor, { ...options, by: "person" });
  }

  reject(
    planId: PlanId,
    actor: Actor,
    options: { readonly digest?: string; readonly reason: string },
  ): Promise<Answer> {
    return this.#act("plan.reject", planId, actor, options);
  }

  /** Begins to carry out an approved plan. */
  start(planId: PlanId, actor: Actor): Promise<Answer> {
    return this.#act("plan.start", planId, actor, {});
  }

  pause(planId: PlanId, actor: Actor, reason?: string): Promise<Answer> {
    return this.#act("plan.pause", planId, actor, reason === undefined ? {} : { reason });
  }

  resume(planId: PlanId, actor: Actor): Promise<Answer> {
    return this.#act("plan.resume", planId, actor, {});
  }

  /** `stop` ends what runs at once; `drain` lets it end and starts nothing. */
  cancel(planId: PlanId, actor: Actor, mode: CancelMode, reason?: string): Promise<Answer> {
    const why = reason === undefined ? {} : { reason };
    return this.#act("plan.cancel", planId, actor, { mode, ...why });
  }

  finish(
    planId: PlanId,
    actor: Actor,
    report: FinishReport & { readonly result: "success" | "failure" },
  ): Promise<Answer> {
    return this.#act("plan.finish", planId, actor, report);
  }

  retryStep(planId: PlanId, stepKey: string, actor: Actor): Promise<Answer> {
    return this.#act("step.retry", planId, actor, { stepKey });
  }

  skipStep(planId: PlanId, stepKey: string, actor: Actor, reason: string): Promise<Answer> {
    return this.#act("step.skip", planId, actor, { stepKey, reason });
  }

  completeStep(
    planId: PlanId,
    stepKey: string,
    actor: Actor,
    work: { readonly output: Json; readonly note: string },
  ): Promise<Answer> {
    return this.#act("step.complete", planId, actor, { stepKey, ...work });
  }

  /** Answers a request: `{ approved }`, a choice's value, or the values of its form. */
  async decide(
    requestId: RequestId,
    actor: Actor,
    decision: { readonly answer: Json; readonly comment?: string; readonly subjectDigest?: string },
  ): Promise<Answer> {
    const planId = await this.store.findPlanOfRequest(requestId);
    if (planId === null) return notFound(`no request ${requestId}`);
    return this.#act("request.decide", planId, actor, { requestId, ...decision });
  }

  /** Sends a signal; the same key is taken once. */
  signal(
    planId: PlanId,
    actor: Actor,
    signal: { readonly name: string; readonly payload: Json; readonly key?: string },
  ): Promise<Answer> {
    return this.#act("signal.deliver", planId, actor, signal);
  }

  async #act<T extends CommandType>(
    type: T,
    planId: PlanId,
    actor: Actor,
    data: CommandData[T],
  ): Promise<Answer> {
    const { committer, tenantId } = this.#options;
    const decision = await committer.commit({ tenantId, planId, type, data, actor });
    if (!decision.ok) return { ok: false, refusal: decision.refusal };
    const plan = await this.store.read(planId, viewHead);
    return plan === null ? notFound(`no plan ${planId}`) : { ok: true, plan };
  }
}

function canonicalText(text: Pick<Revision, "document" | "inputs">): string {
  const json: Json = JSON.parse(JSON.stringify(text));
  return canonicalJson(json);
}

function notFound(message: string): Answer {
  return { ok: false, refusal: { code: "not-found", message } };
}
