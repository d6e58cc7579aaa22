import type { PlanId } from "../../core/id.ts";
import type { Json } from "../../core/json.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { RequestView } from "../../core/plan/view.ts";
import type { Answer } from "../../engine/orchestrator.ts";
import type { Planwright } from "../../planwright.ts";
import { findSubject } from "../request/find-subject.ts";
import { openRequests } from "../request/open-requests.ts";
import { requestText } from "../request/request-text.ts";
import type { Face } from "../screen/face.ts";
import type { Progress } from "../screen/progress.ts";
import { visible } from "../screen/visible.ts";
import { fieldQuestion, formFields, formValues } from "./form-answers.ts";
import { lookAgain } from "./look-again.ts";
import { createQuestions, type Questions } from "./terminal-questions.ts";

export interface AskerOptions {
  readonly planwright: Planwright;
  readonly planId: PlanId;
  readonly face: Face;
  readonly progress: Progress;
  /** Ends the asking. */
  readonly signal: AbortSignal;
  /** Hears ^C while a question is open. */
  readonly onInterrupt: () => void;
}

/** What somebody at the terminal said: an answer with its reason, later, or nothing any more. */
type Said =
  | { readonly kind: "answer"; readonly answer: Json; readonly comment?: string }
  | { readonly kind: "later" };

/**
 * Asks at the terminal what a plan asks of people, one request after the other, while the rest of
 * the plan goes on. What is put off stays open.
 */
export class Asker implements AsyncDisposable {
  readonly #options: AskerOptions;
  readonly #questions: Questions;
  readonly #later = new Set<string>();
  readonly #end = new AbortController();
  readonly #asking: Promise<void>;
  #hint = Promise.withResolvers<void>();
  #turn = Promise.withResolvers<void>();

  constructor(options: AskerOptions) {
    this.#options = options;
    this.#questions = createQuestions(options.onInterrupt);
    this.#asking = this.#askAll();
  }

  /** Whether somebody may still answer something. */
  async mayHelp(): Promise<boolean> {
    if (this.#stopped.aborted) return false;
    const { planwright, planId } = this.#options;
    const open = await openRequests(planwright.orchestrator, planId);
    return open.some(({ id }) => !this.#later.has(id));
  }

  /** Resolves when the next request has been answered or put off, or nobody is asked any more. */
  async turn(): Promise<void> {
    if (!this.#stopped.aborted) await this.#turn.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    this.#hint.resolve();
    await this.#asking;
    this.#questions[Symbol.dispose]();
  }

  get #stopped(): AbortSignal {
    return AbortSignal.any([this.#end.signal, this.#options.signal]);
  }

  async #askAll(): Promise<void> {
    const { planwright, planId, signal } = this.#options;
    using _listening = planwright.onCommit(() => this.#hint.resolve());
    using _looking = lookAgain(planwright.stores, () => this.#hint.resolve());
    signal.addEventListener("abort", () => this.#hint.resolve(), { once: true });
    while (!this.#stopped.aborted) {
      this.#hint = Promise.withResolvers<void>();
      const open = await openRequests(planwright.orchestrator, planId);
      const next = open.find(({ id }) => !this.#later.has(id));
      if (next === undefined) await this.#hint.promise;
      else await this.#askOne(next);
      if (next !== undefined) this.#nextTurn();
    }
    this.#turn.resolve();
  }

  #nextTurn(): void {
    this.#turn.resolve();
    this.#turn = Promise.withResolvers<void>();
  }

  async #askOne(request: RequestView): Promise<void> {
    const { progress, face, planwright } = this.#options;
    const subject = await findSubject(planwright.orchestrator, request);
    progress.pause();
    try {
      face.complain(`\n${requestText(request, subject)}`);
      const said = await this.#sayWhileOpen(request);
      if (said.kind === "later") this.#later.add(request.id);
      else await this.#decide(request, said);
    } finally {
      progress.resume();
    }
  }

  async #sayWhileOpen(request: RequestView): Promise<Said> {
    using settled = this.#untilSettled(request);
    const said = await this.#say(request, settled.signal);
    return said;
  }

  /** A question that is no longer open is taken away from under the cursor. */
  #untilSettled(request: RequestView): { readonly signal: AbortSignal } & Disposable {
    const { planwright, face } = this.#options;
    const gone = new AbortController();
    const watching = new DisposableStack();
    const end = (): void => {
      if (gone.signal.aborted || watching.disposed) return;
      face.complain("\nIt is no longer asked.");
      gone.abort();
    };
    watching.use(planwright.onCommit((events) => (isSettledBy(events, request) ? end() : null)));
    watching.use(
      lookAgain(planwright.stores, () => {
        planwright.orchestrator.request(request.id).then(
          (now) => (now?.status === "open" ? null : end()),
          // A store that cannot be had says nothing of it.
          () => null,
        );
      }),
    );
    return {
      signal: AbortSignal.any([gone.signal, this.#stopped]),
      [Symbol.dispose]: () => watching.dispose(),
    };
  }

  async #decide(request: RequestView, said: Extract<Said, { kind: "answer" }>): Promise<void> {
    const { orchestrator, actor } = this.#options.planwright;
    const comment = said.comment === undefined ? {} : { comment: said.comment };
    const answer = await orchestrator.decide(request.id, actor, {
      answer: said.answer,
      subjectDigest: request.subjectDigest,
      ...comment,
    });
    if (answer.ok) await this.#startWhatWasApproved(request, said.answer);
    else this.#tell(answer);
  }

  /** Who answers the question of a run wants the run. */
  async #startWhatWasApproved(request: RequestView, answer: Json): Promise<void> {
    if (request.reason !== "plan-approval" || !isYes(answer)) return;
    const { orchestrator, actor } = this.#options.planwright;
    const started = await orchestrator.start(request.planId, actor);
    if (!started.ok) this.#tell(started);
  }

  #tell(answer: Extract<Answer, { ok: false }>): void {
    this.#options.face.complain(`planwright: ${visible(answer.refusal.message)}`);
  }

  #say(request: RequestView, signal: AbortSignal): Promise<Said> {
    switch (request.kind) {
      case "approval":
      case "review":
        return this.#sayYesOrNo(signal);
      case "choice":
        return this.#choose(request, signal);
      case "input":
        return this.#fillIn(request, signal);
    }
  }

  async #sayYesOrNo(signal: AbortSignal): Promise<Said> {
    for (;;) {
      const typed = await this.#ask("Approve? [y]es, [n]o, [l]ater: ", signal);
      if (typed === null || /^l/i.test(typed)) return { kind: "later" };
      if (/^y/i.test(typed)) return { kind: "answer", answer: { approved: true } };
      if (!/^n/i.test(typed)) continue;
      const reason = await this.#ask("Why not? (may be empty): ", signal);
      if (reason === null) return { kind: "later" };
      const comment = reason === "" ? {} : { comment: reason };
      return { kind: "answer", answer: { approved: false }, ...comment };
    }
  }

  async #choose({ options }: RequestView, signal: AbortSignal): Promise<Said> {
    for (;;) {
      const typed = await this.#ask("Which? (a value, or [l]ater): ", signal);
      if (typed === null) return { kind: "later" };
      const chosen = options.find(({ value }) => value === typed);
      if (chosen !== undefined) return { kind: "answer", answer: chosen.value };
      if (/^l(?:ater)?$/i.test(typed)) return { kind: "later" };
    }
  }

  async #fillIn({ form }: RequestView, signal: AbortSignal): Promise<Said> {
    const fields = formFields(form);
    if (fields.length === 0) {
      const typed = await this.#ask("Answer (empty: later): ", signal);
      return typed === null || typed === "" ? { kind: "later" } : { kind: "answer", answer: typed };
    }
    const typed = new Map<string, string>();
    for (const field of fields) {
      const text = await this.#ask(fieldQuestion(field), signal);
      if (text === null) return { kind: "later" };
      typed.set(field.name, text);
    }
    const sure = await this.#ask("Send it? [y]es, [l]ater: ", signal);
    if (sure === null || !/^y/i.test(sure)) return { kind: "later" };
    return { kind: "answer", answer: formValues(fields, typed) };
  }

  async #ask(question: string, signal: AbortSignal): Promise<string | null> {
    const typed = await this.#questions.ask(question, signal);
    return typed === null ? null : typed.trim();
  }
}

function isSettledBy(events: readonly PlanEvent[], { id }: RequestView): boolean {
  return events.some(
    (event) =>
      (event.type === "request.expired" || event.type === "request.closed") &&
      event.data.requestId === id,
  );
}

function isYes(answer: Json): boolean {
  return typeof answer === "object" && answer !== null && Reflect.get(answer, "approved") === true;
}
