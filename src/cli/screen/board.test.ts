import { describe, expect, test } from "vitest";
import type { EventData, EventType, PlanEvent } from "../../core/plan/event.ts";
import type { PlanView } from "../../core/plan/view.ts";
import { Board } from "./board.ts";
import { frame } from "./frame.ts";

const AT = Date.parse("2026-01-01T00:00:00.000Z");
let seq = 0;

function event<T extends EventType>(
  type: T,
  data: EventData[T],
  about: { readonly stepKey?: string; readonly attempt?: number; readonly ms?: number } = {},
): PlanEvent {
  const { ms = 0, ...subject } = about;
  seq += 1;
  const time = new Date(AT + ms).toISOString();
  const head = { id: `pln_1/${seq}`, seq, v: 1, time, tenantId: "default", planId: "pln_1" };
  const actor = { kind: "person", id: "ada" };
  return { ...head, actor, ...subject, type, data } as unknown as PlanEvent;
}

function boardOf(keys: readonly string[], events: readonly PlanEvent[]): Board {
  const steps = Object.fromEntries(keys.map((key) => [key, {}]));
  const board = new Board({ steps } as unknown as PlanView);
  for (const one of events) board.follow(one);
  return board;
}

function started(stepKey: string, attempt: number, ms: number): PlanEvent {
  const data = { workerId: "wrk_1", effect: "none", failures: 0, recoveries: 0 } as const;
  return event("attempt.started", data, { stepKey, attempt, ms });
}

function draw(
  board: Board,
  size: { columns?: number; rows?: number; ms?: number } = {},
): readonly string[] {
  const { columns = 80, rows = 24, ms = 5000 } = size;
  const paint = (_format: unknown, text: string) => text;
  return frame(board, { name: "Build", columns, rows, now: AT + ms, beganAt: AT, paint });
}

describe("a board", () => {
  test("shows each step with its state, its time and its attempt", () => {
    const error = { code: "exit", message: "exit code 1", retryable: true };
    const board = boardOf(
      ["lint", "build", "ship"],
      [
        started("lint", 1, 0),
        event("step.succeeded", { output: null }, { stepKey: "lint", ms: 300 }),
        started("build", 1, 400),
        event("attempt.failed", { error }, { stepKey: "build", attempt: 1, ms: 900 }),
        started("build", 2, 1000),
      ],
    );
    expect(draw(board)).toEqual([
      "Build  1/3 ended, 5.0s",
      "  ✓ lint   succeeded  0.3s",
      "  ● build  running    attempt 2  4.0s",
      "  · ship   pending",
    ]);
  });

  test("says what a step waits for", () => {
    const request = { requestId: "req_1", title: "Ship it?" } as EventData["request.created"];
    const board = boardOf(
      ["ask", "nap", "again"],
      [
        event("request.created", request, { stepKey: "ask" }),
        event("step.waiting", { reason: "request", requestId: "req_1" }, { stepKey: "ask" }),
        event(
          "step.waiting",
          { reason: "timer", until: "2026-01-01T00:10:00.000Z" },
          { stepKey: "nap" },
        ),
        event(
          "attempt.lost",
          { reason: "worker-gone", workerId: "wrk_1" },
          { stepKey: "again", attempt: 1 },
        ),
        event("step.readied", { notBefore: "2026-01-01T00:00:09.000Z" }, { stepKey: "again" }),
      ],
    );
    expect(draw(board).slice(1)).toEqual([
      "  ◌ ask    waiting    5.0s  for an answer: Ship it?",
      "  ◌ nap    waiting    5.0s  until 2026-01-01T00:10:00.000Z",
      "  ○ again  ready      attempt 1 was lost: worker-gone; again from 2026-01-01T0…",
    ]);
  });

  test("puts the children of a list below it", () => {
    const board = boardOf(
      ["list", "last"],
      [started("list.0", 1, 0), started("list.1", 1, 0), started("last", 1, 0)],
    );
    expect([...board.steps].map(({ key }) => key)).toEqual(["list", "list.0", "list.1", "last"]);
  });

  test("shows what matters now where not everything fits", () => {
    const keys = Array.from({ length: 100 }, (_, index) => `s${index}`);
    const error = { code: "exit", message: "no", retryable: false };
    const board = boardOf(keys, [
      started("s50", 1, 0),
      event("step.failed", { error }, { stepKey: "s99", ms: 10 }),
    ]);
    const lines = draw(board, { rows: 8, columns: 40 });
    expect(lines).toHaveLength(6);
    expect(lines.join("\n")).toMatch(/● s50[^]*✗ s99 +failed +exit: no[^]*… 96 more steps/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });
});
