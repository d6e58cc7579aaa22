import { hash } from "node:crypto";
import type { Actor } from "../core/actor.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { CommandData, CommandHead, CommandType, PlanCommand } from "../core/plan/command.ts";
import { decide } from "../core/plan/decide.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { fold } from "../core/plan/evolve.ts";
import type { Plan, Revision } from "../core/plan/plan.ts";
import type { Pure } from "../core/pure.ts";
import { createPure } from "../format/create-pure.ts";
import { fillInputs } from "../format/input-values.ts";

/** A command without what a test need not say: its id, its plan, its time, who sent it. */
export type Wish = {
  [T in CommandType]: { readonly type: T } & CommandData[T] & Partial<CommandHead>;
}[CommandType];

/** What has happened to a plan: its events, and the text that they name. */
export interface History {
  readonly events: readonly PlanEvent[];
  readonly revision: Revision;
}

/** A plan up to a moment, on which the rules can be tried. */
export interface Given extends History {
  /** The fold of its events. */
  readonly plan: Plan;
  /** What more has happened; each command must be accepted. */
  after(...commands: readonly Wish[]): Given;
  /** What a command comes to now. Nothing is kept of it. */
  when(command: Wish): Decision;
}

/** What all that is tried here is decided with: real expressions, schemas and SHA-256. */
export const TEST_PURE: Pure = createPure((text) => hash("sha256", text));

/** 2026-01-01T00:00:00.000Z */
const BEGINS_AT = 1_767_225_600_000;
const ADA: Actor = { kind: "person", id: "ada" };
const PLAN_ID = "pln_given";

/** Begins with the draft of a text, or with what has happened to a plan. */
export function given(past: PlanDocument | History): Given {
  return "events" in past ? standing(past) : draft(past);
}

function draft(document: PlanDocument): Given {
  const { inputs } = fillInputs(document, {});
  const create = commandOf({ events: [] }, PLAN_ID, {
    type: "plan.create",
    tenantId: "default",
    document,
    inputs,
    pins: { tools: {} },
    origin: { kind: "library", trust: "operator" },
    limits: DEFAULT_LIMITS,
  });
  const decision = accepted(decide(null, create, TEST_PURE), create);
  if (decision.revision === undefined) throw new Error("a plan was made without a text");
  return standing({ events: decision.events, revision: decision.revision });
}

function standing(history: History): Given {
  const plan = foldOf(history);
  return {
    ...history,
    plan,
    after: (...commands) =>
      commands.reduce((before, wish) => next(before, wish), standing(history)),
    when: (wish) => decide(plan, commandOf(history, plan.id, wish), TEST_PURE),
  };
}

function next(before: Given, wish: Wish): Given {
  const command = commandOf(before, before.plan.id, wish);
  const { events } = accepted(decide(before.plan, command, TEST_PURE), command);
  return standing({ revision: before.revision, events: [...before.events, ...events] });
}

function foldOf({ events, revision }: History): Plan {
  const plan = fold(events, () => revision);
  if (plan === null) throw new Error("a history has at least one event: plan.created");
  return plan;
}

/** Follows from where it comes in the history, so that the same test gives the same ids. */
function commandOf(
  history: { readonly events: readonly PlanEvent[] },
  planId: string,
  wish: Wish,
): PlanCommand {
  const head = { id: `cmd_${history.events.length}`, planId, at: BEGINS_AT, actor: ADA };
  return { ...head, ...wish };
}

function accepted(decision: Decision, command: PlanCommand): Extract<Decision, { ok: true }> {
  if (decision.ok) return decision;
  throw new Error(`${command.type} was refused: ${decision.refusal.message}`);
}
