import type { Actor } from "../actor.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { PolicyDocument, StepDocument } from "../plan/document.ts";
import type { EventData, EventType, PlanEvent, RequestCreated } from "../plan/event.ts";
import type { Revision } from "../plan/plan.ts";
import { formatTimestamp } from "../timestamp.ts";
import { checkHistory } from "./check-history.ts";

/** The text behind a history; a step of which nothing else is said is an agent's. */
export interface WrittenText {
  readonly steps: Readonly<Record<string, Partial<StepDocument>>>;
  readonly policy?: PolicyDocument;
  readonly limits?: Partial<Limits>;
}

/** What an event is about, and what of its head is other than usual. */
export type About = Partial<
  Pick<PlanEvent, "stepKey" | "attempt" | "actor" | "id" | "seq" | "time" | "tenantId" | "planId">
>;

/** 2026-01-01T00:00:00.000Z */
const BEGAN_AT = 1_767_225_600_000;
const ADA: Actor = { kind: "person", id: "ada" };

/**
 * Writes the log of one plan by hand, lawful or not, so that tests of whatever reads logs need no
 * rules to make one. What is told without `pass` happens at the same time.
 */
export class HistoryWriter {
  readonly events: PlanEvent[] = [];
  readonly revision: Revision;
  readonly #limits: Limits;
  #now = BEGAN_AT;

  constructor(text: WrittenText) {
    const steps: Record<string, StepDocument> = {};
    for (const [key, step] of Object.entries(text.steps)) steps[key] = { do: "agent", ...step };
    const policy = text.policy === undefined ? {} : { policy: text.policy };
    const document = { plan: "A plan", steps, ...policy };
    this.revision = { number: 1, digest: "digest-1", document, inputs: {}, pins: { tools: {} } };
    this.#limits = { ...DEFAULT_LIMITS, ...text.limits };
  }

  /** Lets time pass before what is told next. */
  pass(ms: number): this {
    this.#now += ms;
    return this;
  }

  /** A time that lies so many milliseconds ahead. */
  ahead(ms: number): string {
    return formatTimestamp(this.#now + ms);
  }

  tell<T extends EventType>(type: T, data: EventData[T], about: About = {}): this {
    const seq = this.events.length + 1;
    const head = { id: `pln_1/${seq}`, seq, type, v: 1, time: this.ahead(0) };
    const owner = { tenantId: "acme", planId: "pln_1", actor: ADA };
    const event = { ...head, ...owner, ...about, data };
    // One shape for every type: the compiler cannot tie a generic `type` to its `data` in a union.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `data` is checked against `type` above
    this.events.push(event as unknown as PlanEvent);
    return this;
  }

  create(data: Partial<EventData["plan.created"]> = {}): this {
    const origin = { kind: "library", trust: "operator" } as const;
    const { digest } = this.revision;
    const limits = this.#limits;
    return this.tell("plan.created", {
      name: "A plan",
      revision: 1,
      digest,
      origin,
      limits,
      ...data,
    });
  }

  /** A plan that nobody need approve, up to where its steps begin. */
  begin(): this {
    const { digest } = this.revision;
    return this.create()
      .tell("plan.submitted", { digest })
      .tell("plan.approved", { digest, by: "policy" })
      .tell("plan.started", {});
  }

  ready(stepKey: string, data: EventData["step.readied"] = {}): this {
    return this.tell("step.readied", data, { stepKey });
  }

  start(stepKey: string, attempt = 1, data: Partial<EventData["attempt.started"]> = {}): this {
    const usual = { workerId: "wrk_1", effect: "none", failures: 0, recoveries: 0 } as const;
    return this.tell("attempt.started", { ...usual, ...data }, { stepKey, attempt });
  }

  /** Ends a step well, by its attempt if one is named. */
  succeed(
    stepKey: string,
    attempt?: number,
    data: Partial<EventData["step.succeeded"]> = {},
  ): this {
    return this.tell("step.succeeded", { output: null, ...data }, subject(stepKey, attempt));
  }

  /** A step from `pending` to its success. */
  run(stepKey: string): this {
    return this.ready(stepKey).start(stepKey).succeed(stepKey, 1);
  }

  /** An attempt that failed, to be followed by another if that has a time. */
  stumble(stepKey: string, attempt: number, data: Partial<EventData["attempt.failed"]> = {}): this {
    return this.tell("attempt.failed", { error: ERROR, ...data }, { stepKey, attempt });
  }

  lose(stepKey: string, attempt: number, reason: "worker-gone" | "drained" = "worker-gone"): this {
    return this.tell("attempt.lost", { reason, workerId: "wrk_1" }, { stepKey, attempt });
  }

  fail(stepKey: string, attempt?: number): this {
    return this.tell("step.failed", { error: ERROR }, subject(stepKey, attempt));
  }

  wait(stepKey: string, data: EventData["step.waiting"]): this {
    return this.tell("step.waiting", data, { stepKey });
  }

  skip(stepKey: string, reason: EventData["step.skipped"]["reason"] = "operator"): this {
    return this.tell("step.skipped", { reason }, { stepKey });
  }

  drop(
    stepKey: string,
    reason: EventData["step.cancelled"]["reason"] = "plan-failing",
    attempt?: number,
  ): this {
    return this.tell("step.cancelled", { reason }, subject(stepKey, attempt));
  }

  ask(requestId: string, stepKey?: string, data: Partial<RequestCreated> = {}): this {
    const about = stepKey === undefined ? {} : { stepKey };
    return this.tell("request.created", { ...QUESTION, requestId, ...data }, about);
  }

  answer(
    requestId: string,
    data: Partial<EventData["request.decided"]> = {},
    about: About = {},
  ): this {
    const yes = { answer: { approved: true }, by: "person" } as const;
    return this.tell("request.decided", { ...yes, requestId, ...data }, about);
  }

  complete(partial = false): this {
    return this.tell("plan.completed", { partial });
  }

  /** The plan is going to fail, over a step. */
  failing(stepKey: string): this {
    return this.tell("plan.failing", { stepKey, error: ERROR });
  }

  /** What the checker finds, each as invariant and step: `I7 b`. */
  faults(): readonly string[] {
    const violations = checkHistory(this.events, { revision: this.revision });
    return violations.map(({ invariant, stepKey }) => `${invariant} ${stepKey ?? "-"}`);
  }
}

const ERROR = { code: "broken", message: "It broke", retryable: true };

const QUESTION: Omit<RequestCreated, "requestId"> = {
  kind: "approval",
  title: "May it?",
  message: "",
  reason: null,
  form: null,
  options: [],
  subjectDigest: "subject-1",
  assignees: [],
  quorum: 1,
  dueAt: null,
  onTimeout: { kind: "fail" },
};

function subject(stepKey: string, attempt: number | undefined): About {
  return attempt === undefined ? { stepKey } : { stepKey, attempt };
}
