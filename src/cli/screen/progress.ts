import process from "node:process";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { PlanView } from "../../core/plan/view.ts";
import { Board } from "./board.ts";
import { eventLine, isProgress } from "./event-line.ts";
import type { Face } from "./face.ts";
import { frame } from "./frame.ts";
import { visibleJson } from "./visible.ts";

/** What is shown while a plan goes on. */
export interface Progress {
  follow(event: PlanEvent): void;
  /** Gives the terminal away for a question, and takes it again. */
  pause(): void;
  resume(): void;
  end(): void;
}

/** One plain line for each thing that happens, and what there is to add to it. */
export function plainProgress(
  face: Face,
  remark: (event: PlanEvent) => string | null = () => null,
): Progress {
  return {
    ...STILL,
    follow: (event) => {
      if (isProgress(event)) face.note(eventLine(event));
      const more = remark(event);
      if (more !== null) face.note(more);
    },
  };
}

/** Each event as it is stored, for programs. */
export function jsonProgress(face: Face): Progress {
  return { ...STILL, follow: (event) => face.data(visibleJson(event)) };
}

const nothing = (): void => undefined;
const STILL: Progress = { follow: nothing, pause: nothing, resume: nothing, end: nothing };

/** All steps at once, drawn over and over in the same place. */
export function liveProgress(face: Face, view: PlanView): Progress {
  return new LiveProgress(face, view);
}

const REDRAW_MS = 100;

class LiveProgress implements Progress {
  readonly #face: Face;
  readonly #view: PlanView;
  readonly #board: Board;
  readonly #beganAt = Date.now();
  #timer: NodeJS.Timeout | null = null;
  #lines = 0;

  constructor(face: Face, view: PlanView) {
    this.#face = face;
    this.#view = view;
    this.#board = new Board(view);
    this.resume();
  }

  follow(event: PlanEvent): void {
    this.#board.follow(event);
  }

  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#erase();
  }

  resume(): void {
    this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS);
  }

  /** The last frame stays. */
  end(): void {
    this.pause();
    this.#draw();
  }

  #draw(): void {
    // A terminal that has not been given a size says 0.
    const { columns, rows } = process.stderr;
    const lines = frame(this.#board, {
      name: this.#view.plan.name,
      columns: columns || 80,
      rows: rows || 24,
      now: Date.now(),
      beganAt: this.#beganAt,
      paint: (format, text) => this.#face.paintNote(format, text),
    });
    process.stderr.write(`${this.#eraser()}${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  #erase(): void {
    process.stderr.write(this.#eraser());
    this.#lines = 0;
  }

  /** Up to the first line of the last frame, and away with everything below. */
  #eraser(): string {
    return this.#lines === 0 ? "" : `\u001b[${this.#lines}A\r\u001b[0J`;
  }
}
