import type { Actor } from "../../core/actor.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import { isEnded, type PlanStatus } from "../../core/plan/plan.ts";
import { stepKeys, stepOf } from "../../core/step/lookup.ts";
import { hasEnded } from "../../core/step/step.ts";
import type { Orchestrator } from "../../engine/orchestrator.ts";
import type { PlanRow, RequestRow } from "../../store/projection.ts";
import type { Store } from "../../store/store.ts";
import type { Chance } from "../chance.ts";
import { drawAnswer } from "./draw-answer.ts";
import { SIGNALS } from "./draw-step.ts";

/** A plan that somebody wants carried out. */
export interface Wanted {
  readonly key: string;
  readonly document: PlanDocument;
  readonly inputs: JsonObject;
}

export interface OperatorsOptions {
  readonly chance: Chance;
  /** The truth, for looking at; acts go through a process. */
  readonly store: Store;
  /** Some process that is there now; null where none is. */
  readonly door: (chance: Chance) => Orchestrator | null;
}

const GRACE: Actor = { kind: "person", id: "grace" };
const ROBOT: Actor = { kind: "agent", id: "robot" };
const HANDS: readonly Actor[] = [
  { kind: "person", id: "ada" },
  { kind: "person", id: "kay" },
];

type Act = (orchestrator: Orchestrator, actor: Actor) => Promise<unknown>;

/** The people around the plans: who submits them, who meddles, and who tidies up in the end. */
export class Operators {
  readonly #options: OperatorsOptions;
  #acts = 0;

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  /** Takes a wanted plan one step on its way to its start; to be called again and again. */
  async push(wanted: Wanted): Promise<void> {
    const planId = `pln_${wanted.key}`;
    const { store, chance } = this.#options;
    const head = await store.read(planId, ({ status, revision, approvalRequest }) => ({
      status,
      digest: revision.digest,
      approvalRequest,
    }));
    const drawn = chance.of("push", wanted.key, (this.#acts += 1));
    const act = head === null ? createAct(wanted) : NEXT[head.status](planId, head, drawn);
    if (act !== null) await this.#send(drawn, GRACE, act);
  }

  /** Does something or other to some plan, wise or not. */
  async meddle(): Promise<void> {
    const drawn = this.#options.chance.of("meddle", (this.#acts += 1));
    const act = await this.#drawAct(drawn);
    if (act === null) return;
    const actor = drawn.happens(0.1, "robot") ? ROBOT : drawn.pick(HANDS, "who");
    const twice = drawn.happens(0.15, "twice");
    await Promise.all([
      this.#send(drawn.of("first"), actor, act),
      ...(twice ? [this.#send(drawn.of("second"), drawn.pick(HANDS, "other"), act)] : []),
    ]);
  }

  /** Answers what is asked and unties what is tied, so that everything can end. */
  async tidy(isUnserved: (pool: string) => boolean): Promise<void> {
    const { store } = this.#options;
    const drawn = this.#options.chance.of("tidy", (this.#acts += 1));
    const requests = await allRequests(store);
    for (const request of requests) {
      const answer = await this.#answerOf(drawn.of(request.id), request, true);
      if (answer !== null) await this.#send(drawn, GRACE, decideAct(request.id, answer));
    }
    for (const plan of await allPlans(store)) {
      for (const act of await this.#untie(plan, isUnserved)) await this.#send(drawn, GRACE, act);
    }
  }

  async #send(chance: Chance, actor: Actor, act: Act): Promise<void> {
    const orchestrator = this.#options.door(chance.of("door"));
    if (orchestrator === null) return;
    // A fault leaves the operator without an answer, as it would in life.
    await act(orchestrator, actor).catch(() => undefined);
  }

  async #drawAct(chance: Chance): Promise<Act | null> {
    const { store } = this.#options;
    const plans = await allPlans(store);
    const requests = await allRequests(store);
    if (requests.length > 0 && chance.happens(0.4, "request")) {
      const request = chance.pick(requests, "which");
      const answer = await this.#answerOf(chance, request, false);
      return answer === null ? null : decideAct(request.id, answer);
    }
    if (plans.length === 0) return null;
    const plan = chance.pick(plans, "plan");
    return chance.happens(0.45, "step") ? this.#drawStepAct(chance, plan) : planAct(chance, plan);
  }

  async #answerOf(
    chance: Chance,
    request: RequestRow,
    isKind: boolean,
  ): Promise<{ readonly answer: Json; readonly subjectDigest?: string } | null> {
    return this.#options.store.read(request.planId, (plan) => {
      const found = plan.requests.get(request.id);
      if (found === undefined) return null;
      const answer = drawAnswer(chance, found, isKind);
      if (isKind || chance.happens(0.4, "unbound")) return { answer };
      const isStale = chance.happens(0.1, "stale");
      return { answer, subjectDigest: isStale ? "stale" : found.subjectDigest };
    });
  }

  async #drawStepAct(chance: Chance, { id }: PlanRow): Promise<Act | null> {
    const found = await this.#options.store.read(id, (plan) => {
      const all = [...stepKeys(plan)];
      const open = all.filter((each) => !hasEnded(stepOf(plan, each)));
      return open.length > 0 && chance.happens(0.7, "open") ? open : all;
    });
    const key = chance.pick(found ?? [], "key");
    switch (chance.pickWeighted({ retry: 4, skip: 1, complete: 1 }, "step act")) {
      case "retry":
        return (door, actor) => door.retryStep(id, key, actor);
      case "skip":
        return (door, actor) => door.skipStep(id, key, actor, "not needed");
      case "complete":
        return (door, actor) =>
          door.completeStep(id, key, actor, { output: { value: 1, items: [] }, note: "by hand" });
    }
  }

  /** What keeps a plan from going on by itself, and who nobody will come for. */
  async #untie(row: PlanRow, isUnserved: (pool: string) => boolean): Promise<readonly Act[]> {
    const { id } = row;
    if (isEnded(row.status)) return [];
    if (row.status !== "executing") return [(door, actor) => door.cancel(id, actor, "stop")];
    if (row.condition === "paused") return [(door, actor) => door.resume(id, actor)];
    if (row.condition === "blocked") {
      return [(door, actor) => door.finish(id, actor, { result: "failure" })];
    }
    const stuck = await this.#options.store.read(id, (plan) => {
      const steps = [...stepKeys(plan)].map((key) => stepOf(plan, key));
      const unserved = steps.filter(({ key, status }) => {
        const pool = plan.graph.specs.get(key.split(".")[0] ?? "")?.pool ?? "";
        return status === "ready" && isUnserved(pool);
      });
      const signals = steps.flatMap((step) =>
        step.status === "waiting" && step.signal !== null ? [step.signal] : [],
      );
      return { unserved: unserved.map(({ key }) => key), signals };
    });
    return [
      ...(stuck?.unserved ?? []).map(
        (key): Act =>
          (door, actor) =>
            door.skipStep(id, key, actor, "nobody serves it"),
      ),
      ...(stuck?.signals ?? []).map(
        (name): Act =>
          (door, actor) =>
            door.signal(id, actor, { name, payload: "tidy" }),
      ),
    ];
  }
}

interface Head {
  readonly digest: string;
  readonly approvalRequest: string | null;
}

type NextAct = (planId: string, head: Head, chance: Chance) => Act | null;

const NOTHING: NextAct = () => null;

const NEXT: Readonly<Record<PlanStatus, NextAct>> = {
  draft: (planId) => (door, actor) => door.submit(planId, actor),
  "pending-approval": approveAct,
  approved: (planId) => (door, actor) => door.start(planId, actor),
  executing: NOTHING,
  completed: NOTHING,
  failed: NOTHING,
  cancelled: NOTHING,
  rejected: NOTHING,
};

function createAct({ key, document, inputs }: Wanted): Act {
  const origin = { kind: "library", trust: "operator" } as const;
  return (door, actor) =>
    door.create({ document, inputs, origin, idempotencyKey: key, limits: LIMITS }, actor);
}

/** Small ones, so that they are met. */
const LIMITS = {
  depthMax: 2,
  forEachMax: 50,
  signalsMax: 3,
  recoveriesBeforeAlone: 2,
  recoveriesMax: 3,
};

function approveAct(planId: string, head: Head, chance: Chance): Act {
  const { digest, approvalRequest } = head;
  if (chance.happens(0.04, "reject")) {
    return (door, actor) => door.reject(planId, actor, { reason: "no" });
  }
  if (chance.happens(0.03, "cancel")) return (door, actor) => door.cancel(planId, actor, "stop");
  if (chance.happens(0.1, "stale")) {
    return (door, actor) => door.approve(planId, actor, { digest: "stale" });
  }
  if (approvalRequest !== null && chance.happens(0.3, "by request")) {
    return (door, actor) => door.decide(approvalRequest, actor, { answer: { approved: true } });
  }
  const start = chance.happens(0.4, "and start");
  return (door, actor) => door.approve(planId, actor, { digest, start });
}

function planAct(chance: Chance, { id }: PlanRow): Act {
  const drawn = chance.pickWeighted(
    {
      pause: 3,
      resume: 5,
      stop: 0.8,
      drain: 0.9,
      finish: 0.5,
      fail: 0.3,
      signal: 6,
      start: 0.5,
      approve: 1.5,
    },
    "plan act",
  );
  switch (drawn) {
    case "pause":
      return (door, actor) => door.pause(id, actor, "wait");
    case "resume":
      return (door, actor) => door.resume(id, actor);
    case "stop":
    case "drain":
      return (door, actor) => door.cancel(id, actor, drawn, "enough");
    case "finish":
      return (door, actor) => door.finish(id, actor, { result: "success", answer: "done" });
    case "fail":
      return (door, actor) => door.finish(id, actor, { result: "failure", summary: "gave up" });
    case "start":
      return (door, actor) => door.start(id, actor);
    case "approve":
      return (door, actor) => door.approve(id, actor);
    case "signal": {
      const name = chance.pick(SIGNALS, "signal");
      const key = chance.happens(0.5, "keyed")
        ? { key: `${name}-${chance.between(1, 3, "key")}` }
        : {};
      return (door, actor) => door.signal(id, actor, { name, payload: 1, ...key });
    }
  }
}

function decideAct(
  requestId: string,
  decision: { readonly answer: Json; readonly subjectDigest?: string },
): Act {
  return (door, actor) => door.decide(requestId, actor, decision);
}

async function allPlans(store: Store): Promise<readonly PlanRow[]> {
  return (await store.plans({ limit: 200 })).data;
}

async function allRequests(store: Store): Promise<readonly RequestRow[]> {
  return (await store.requests({ status: ["open"], limit: 200 })).data;
}
