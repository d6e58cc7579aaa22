import type { Actor } from "../core/actor.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { isJsonObject } from "../core/json.ts";
import type { CommandData } from "../core/plan/command.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { PlanMessage } from "../core/plan/message.ts";
import type { Plan, PlanStatus } from "../core/plan/plan.ts";
import type { StepError } from "../core/step/outcome.ts";
import { findStep, specOf } from "../core/step/lookup.ts";
import { fillInputs } from "../format/input-values.ts";
import type { Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";

/**
 * Takes what one plan tells another to it. A message may come twice: every command it turns into
 * has an id that follows from the message's.
 */
export class Messenger {
  readonly #stores: Stores;
  readonly #committer: Committer;

  constructor(stores: Stores, committer: Committer) {
    this.#stores = stores;
    this.#committer = committer;
  }

  async deliver(tenantId: string, message: PlanMessage): Promise<void> {
    switch (message.kind) {
      case "start":
        return this.#start(tenantId, message);
      case "cancel":
        await this.#toChild(tenantId, message, "plan.cancel", {
          mode: "stop",
          reason: "the plan that it is part of is ending",
        });
        return;
      case "pause":
        await this.#toChild(tenantId, message, "plan.pause", { reason: "its parent was paused" });
        return;
      case "resume":
        await this.#toChild(tenantId, message, "plan.resume", {});
        return;
      case "ended":
        return this.#ended(tenantId, message);
    }
  }

  async #start(tenantId: string, message: PlanMessage): Promise<void> {
    const store = this.#stores.forTenant(tenantId);
    const order = await store.read(message.from, (parent) => orderOf(parent, message));
    if (order === null) return this.#acknowledge(tenantId, message);
    const problem = order.problem ?? (await this.#create(tenantId, message, order.create));
    if (problem === null) await this.#acknowledge(tenantId, message);
    else await this.#reportFailure(tenantId, message, problem);
  }

  async #create(
    tenantId: string,
    message: PlanMessage,
    data: CommandData["plan.create"],
  ): Promise<StepError | null> {
    const decision = await this.#committer.commit({
      tenantId,
      planId: message.to,
      type: "plan.create",
      data,
      actor: actorOf(message.from),
      id: `${message.id}/create`,
    });
    return decision.ok || decision.refusal.code === "already-exists" ? null : errorOf(decision);
  }

  async #acknowledge(tenantId: string, message: PlanMessage): Promise<void> {
    const { from, to, stepKey, id } = message;
    await this.#committer.commit({
      tenantId,
      planId: from,
      type: "child.acknowledge",
      data: { stepKey, childPlanId: to },
      actor: actorOf(to),
      id: `${id}/acknowledge`,
      settles: id,
    });
  }

  async #reportFailure(tenantId: string, message: PlanMessage, error: StepError): Promise<void> {
    const { from, to, stepKey, id } = message;
    await this.#committer.commit({
      tenantId,
      planId: from,
      type: "child.report",
      data: { stepKey, childPlanId: to, status: "failed", partial: false, error },
      actor: actorOf(to),
      id: `${id}/refused`,
      settles: id,
    });
  }

  async #toChild<T extends "plan.cancel" | "plan.pause" | "plan.resume">(
    tenantId: string,
    message: PlanMessage,
    type: T,
    data: CommandData[T],
  ): Promise<void> {
    const store = this.#stores.forTenant(tenantId);
    if ((await store.read(message.to, (child) => child.id)) === null) {
      return this.#withoutChild(tenantId, message);
    }
    await this.#committer.commit({
      tenantId,
      planId: message.to,
      type,
      data,
      actor: actorOf(message.from),
      id: `${message.id}/deliver`,
      settles: message.id,
    });
  }

  /** It comes before the child is made: left for later, unless the child never will be. */
  async #withoutChild(tenantId: string, message: PlanMessage): Promise<void> {
    const store = this.#stores.forTenant(tenantId);
    const order = await store.read(message.from, (parent) => orderOf(parent, message));
    if (order === null) await this.#acknowledge(tenantId, message);
  }

  async #ended(tenantId: string, message: PlanMessage): Promise<void> {
    const store = this.#stores.forTenant(tenantId);
    const report = await store.read(message.from, (child) => reportOf(child, message));
    if (report === null) return;
    await this.#committer.commit({
      tenantId,
      planId: message.to,
      type: "child.report",
      data: report,
      actor: actorOf(message.from),
      id: `${message.id}/deliver`,
      settles: message.id,
    });
  }
}

interface Order {
  readonly create: CommandData["plan.create"];
  readonly problem: StepError | null;
}

/** What a parent wants of its sub-plan; null where it no longer waits for it. */
function orderOf(parent: Plan, message: PlanMessage): Order | null {
  const step = findStep(parent, message.stepKey);
  const document = specOf(parent, message.stepKey).document.plan;
  if (step?.status !== "waiting" || step.childPlanId !== message.to || document === undefined) {
    return null;
  }
  const { inputs, faults } = fillInputs(document, objectOf(step.input));
  const create = {
    tenantId: parent.tenantId,
    document,
    inputs,
    pins: parent.revision.pins,
    origin: { ...parent.origin, kind: "plan" },
    limits: parent.limits,
    parent: {
      planId: parent.id,
      stepKey: message.stepKey,
      depth: (parent.parent?.depth ?? 0) + 1,
    },
    begin: "started",
  } as const;
  const [fault] = faults;
  if (fault === undefined) return { create, problem: null };
  const error = { code: "invalid-input", message: fault.message, retryable: false };
  return { create, problem: { ...error, pointer: fault.pointer } };
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function reportOf(child: Plan, message: PlanMessage): CommandData["child.report"] | null {
  const status = endedStatus(child.status);
  if (status === null) return null;
  return {
    stepKey: message.stepKey,
    childPlanId: child.id,
    status,
    partial: child.partial,
    ...(child.answer === null ? {} : { answer: child.answer }),
    ...(child.error === null ? {} : { error: child.error }),
  };
}

function endedStatus(status: PlanStatus): CommandData["child.report"]["status"] | null {
  switch (status) {
    case "completed":
    case "failed":
    case "cancelled":
    case "rejected":
      return status;
    case "draft":
    case "pending-approval":
    case "approved":
    case "executing":
      return null;
  }
}

function errorOf(decision: Extract<Decision, { ok: false }>): StepError {
  const { refusal } = decision;
  return { code: refusal.code, message: refusal.message, retryable: false };
}

function actorOf(planId: string): Actor {
  return { kind: "plan", id: planId };
}
