import type { PlanEvent } from "../../core/plan/event.ts";
import type { PlanView } from "../../core/plan/view.ts";
import type { StepStatus } from "../../core/step/step.ts";
import { timeOf } from "../../core/timestamp.ts";
import { waitingFor } from "./waiting-for.ts";

/** One line of a board: a step, and what there is to say about it now. */
export interface BoardStep {
  readonly key: string;
  readonly status: StepStatus;
  readonly attempt: number;
  /** Since when it has been running or waiting; null where it never was. */
  readonly since: number | null;
  /** How long it took, once it has ended. */
  readonly tookMs: number | null;
  readonly note: string;
}

/** What those who follow a plan see of it, kept up with by its events. */
export class Board {
  readonly #steps = new Map<string, BoardStep>();
  readonly #titles = new Map<string, string>();

  /** Begins with the steps of a plan, none of which anything is known of. */
  constructor(view: PlanView) {
    for (const key of Object.keys(view.steps)) this.#steps.set(key, blank(key));
  }

  get steps(): Iterable<BoardStep> {
    return this.#steps.values();
  }

  get counts(): { readonly all: number; readonly ended: number } {
    const ended = [...this.#steps.values()].filter(({ status }) => ENDED.has(status)).length;
    return { all: this.#steps.size, ended };
  }

  follow(event: PlanEvent): void {
    if (event.type === "request.created") this.#titles.set(event.data.requestId, event.data.title);
    if (event.stepKey === undefined) return;
    const before = this.#steps.get(event.stepKey) ?? blank(event.stepKey);
    const change = this.#changeOf(event, before);
    if (change !== null) this.#put({ ...before, ...change });
  }

  #changeOf(event: PlanEvent, before: BoardStep): Partial<BoardStep> | null {
    const at = timeOf(event.time);
    switch (event.type) {
      case "attempt.started":
        return {
          status: "running",
          attempt: event.attempt ?? before.attempt,
          since: at,
          tookMs: null,
          note: "",
        };
      case "step.readied": {
        const { notBefore } = event.data;
        const note = notBefore === undefined ? "" : [before.note, `again from ${notBefore}`];
        return { status: "ready", note: [note].flat().filter(Boolean).join("; ") };
      }
      case "attempt.failed":
        return { note: `attempt ${event.attempt} failed: ${errorText(event.data.error)}` };
      case "attempt.lost":
        return { note: `attempt ${event.attempt} was lost: ${event.data.reason}` };
      case "step.waiting":
        return { status: "waiting", since: at, note: this.#waiting(event.data) };
      case "step.succeeded":
      case "step.failed":
      case "step.skipped":
      case "step.cancelled":
        return ending(event, before, at);
      default:
        return null;
    }
  }

  #waiting(data: Parameters<typeof waitingFor>[0]): string {
    const title = data.requestId === undefined ? undefined : this.#titles.get(data.requestId);
    return title === undefined ? waitingFor(data) : `${waitingFor(data)}: ${title}`;
  }

  /** A child of a list stands below its list and its brothers. */
  #put(step: BoardStep): void {
    const isNew = !this.#steps.has(step.key);
    this.#steps.set(step.key, step);
    const dot = step.key.lastIndexOf(".");
    if (!isNew || dot < 0) return;
    const parent = step.key.slice(0, dot);
    const isBelow = ({ key }: BoardStep) => key === parent || key.startsWith(`${parent}.`);
    const all = [...this.#steps.values()].filter(({ key }) => key !== step.key);
    const place = all.findLastIndex(isBelow) + 1;
    this.#steps.clear();
    for (const one of all.toSpliced(place, 0, step)) this.#steps.set(one.key, one);
  }
}

const ENDED: ReadonlySet<StepStatus> = new Set(["succeeded", "failed", "skipped", "cancelled"]);

function blank(key: string): BoardStep {
  return { key, status: "pending", attempt: 0, since: null, tookMs: null, note: "" };
}

type EndingEvent = Extract<
  PlanEvent,
  { type: "step.succeeded" | "step.failed" | "step.skipped" | "step.cancelled" }
>;

function ending(event: EndingEvent, before: BoardStep, at: number): Partial<BoardStep> {
  const tookMs = before.since === null ? null : at - before.since;
  return { tookMs, ...outcome(event) };
}

function outcome(event: EndingEvent): Pick<BoardStep, "status" | "note"> {
  switch (event.type) {
    case "step.succeeded":
      return { status: "succeeded", note: event.data.partial ?? "" };
    case "step.failed":
      return { status: "failed", note: errorText(event.data.error) };
    case "step.skipped":
      return { status: "skipped", note: event.data.reason };
    case "step.cancelled":
      return { status: "cancelled", note: event.data.reason };
  }
}

function errorText({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${code}: ${message}`;
}
