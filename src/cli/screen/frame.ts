import type { Board, BoardStep } from "./board.ts";
import type { Face } from "./face.ts";
import { STEP_LOOKS } from "./status.ts";
import { clip } from "./table.ts";
import { briefDuration } from "./time.ts";
import { visible } from "./visible.ts";

export interface FrameOptions {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
  readonly beganAt: number;
  readonly paint: Face["paintNote"];
}

/** A board as lines that fit a terminal: where not all steps do, those that matter now. */
export function frame(board: Board, options: FrameOptions): readonly string[] {
  const { counts } = board;
  const took = briefDuration(options.now - options.beganAt);
  const progress = `${counts.ended}/${counts.all} ended, ${took}`;
  const name = clip(visible(options.name), Math.max(8, options.columns - progress.length - 3));
  const head = `${options.paint("bold", name)}  ${options.paint("dim", progress)}`;
  const steps = [...board.steps];
  const room = Math.max(1, options.rows - 4);
  const shown = choose(steps, room);
  const keyWidth = Math.min(32, Math.max(...shown.map(({ key }) => visible(key).length), 0));
  const lines = shown.map((step) => stepLine(step, keyWidth, options));
  const left = steps.length - shown.length;
  const more = left === 0 ? [] : [options.paint("dim", `  … ${left} more steps`)];
  return [head, ...lines, ...more];
}

/** In the order of the text; under way before waiting before what just failed before the rest. */
function choose(steps: readonly BoardStep[], room: number): readonly BoardStep[] {
  if (steps.length <= room) return steps;
  const nearest = steps.toSorted((left, right) => rank(left) - rank(right)).slice(0, room);
  const chosen = new Set(nearest);
  return steps.filter((step) => chosen.has(step));
}

function rank({ status }: BoardStep): number {
  return RANKS.indexOf(status);
}

const RANKS: readonly BoardStep["status"][] = [
  "running",
  "waiting",
  "failed",
  "ready",
  "cancelled",
  "pending",
  "succeeded",
  "skipped",
];

function stepLine(step: BoardStep, keyWidth: number, options: FrameOptions): string {
  const { mark, format } = STEP_LOOKS[step.status];
  const key = clip(visible(step.key), keyWidth).padEnd(keyWidth);
  const status = step.status.padEnd(9);
  const facts = [
    ...(step.attempt > 1 ? [`attempt ${step.attempt}`] : []),
    ...timeOfStep(step, options.now),
    ...(step.note === "" ? [] : [visible(step.note)]),
  ].join("  ");
  const room = options.columns - (2 + 2 + keyWidth + 2 + 9 + 2) - 1;
  return `  ${options.paint(format, `${mark} ${key}  ${status}`)}  ${clip(facts, Math.max(0, room))}`.trimEnd();
}

function timeOfStep({ status, since, tookMs }: BoardStep, now: number): string[] {
  if (tookMs !== null) return [briefDuration(tookMs)];
  const counts = status === "running" || status === "waiting";
  return counts && since !== null ? [briefDuration(now - since)] : [];
}
