import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lane } from "./lease.ts";
import { createReadyLanes, laneKey, type LaneState, type ReadyLanes } from "./ready-lanes.ts";
import type { Ticket } from "./ticket.ts";

const LANES: readonly Lane[] = [
  { pool: "default", capability: "command", alone: false },
  { pool: "default", capability: "command", alone: true },
  { pool: "gpu", capability: "agent", alone: false },
];

interface Standing {
  readonly lane: number;
  readonly ticket: Ticket;
}

/** Who stands where, looked for one by one. */
class Model {
  standing: readonly Standing[];
  since: ReadonlyMap<number, number>;

  constructor(standing: readonly Standing[] = [], since: ReadonlyMap<number, number> = new Map()) {
    this.standing = standing;
    this.since = since;
  }

  enter(lane: number, ticket: Ticket, time: number): void {
    const isFirst = !this.standing.some((one) => one.lane === lane && isAtOnce(one.ticket));
    const begins = isAtOnce(ticket) ? isFirst : !this.since.has(lane);
    if (begins) this.since = new Map([...this.since, [lane, time]]);
    this.standing = [...this.standing, { lane, ticket }];
  }

  leave(lane: number, stepKey: string): void {
    this.standing = this.standing.filter(
      (one) => one.lane !== lane || one.ticket.stepKey !== stepKey,
    );
  }

  first(lane: number, now: number): Ticket | null {
    const may = this.standing
      .filter((one) => one.lane === lane && (one.ticket.notBefore ?? 0) <= now)
      .map((one) => one.ticket)
      .toSorted((left, right) => right.priority - left.priority || left.seq - right.seq);
    return may[0] ?? null;
  }

  states(): Partial<LaneState>[] {
    return LANES.map((lane, index) => {
      const here = this.standing.filter((one) => one.lane === index).map((one) => one.ticket);
      const atOnce = here.filter(isAtOnce);
      const times = here.filter((ticket) => !isAtOnce(ticket)).map((one) => one.notBefore ?? 0);
      return {
        lane,
        ready: atOnce.length,
        since: this.since.get(index) ?? 0,
        priority: atOnce.length === 0 ? 0 : Math.max(...atOnce.map((one) => one.priority)),
        nextAt: times.length === 0 ? null : Math.min(...times),
      };
    });
  }
}

function isAtOnce(ticket: Ticket): boolean {
  return ticket.notBefore === null;
}

type Act =
  | {
      readonly act: "enter";
      readonly lane: number;
      readonly step: number;
      readonly priority: number;
      readonly notBefore: number | null;
    }
  | { readonly act: "leave"; readonly lane: number; readonly step: number }
  | { readonly act: "take"; readonly lane: number; readonly now: number };

const lane = fc.nat(LANES.length - 1);
const step = fc.nat(7);
const anAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant("enter" as const),
    lane,
    step,
    priority: fc.integer({ min: -1, max: 1 }),
    notBefore: fc.option(fc.nat(9)),
  }),
  fc.record({ act: fc.constant("leave" as const), lane, step }),
  fc.record({ act: fc.constant("take" as const), lane, now: fc.nat(9) }),
);
const someActs = fc.array(anAct, { maxLength: 60, size: "max" });

/** Does the same to the lanes and to the model, and looks at both after every act. */
class Twins {
  readonly lanes: ReadyLanes;
  readonly model: Model;
  #seq: number;

  constructor(lanes: ReadyLanes, model: Model, seq: number) {
    this.lanes = lanes;
    this.model = model;
    this.#seq = seq;
  }

  get seq(): number {
    return this.#seq;
  }

  play(acts: readonly Act[]): void {
    for (const act of acts) {
      this.#seq += 1;
      this.#carryOut(act);
      this.compare();
    }
  }

  compare(): void {
    for (const [index, lane] of LANES.entries()) {
      for (const now of [0, 4, 9]) {
        assert.deepEqual(this.lanes.first(lane, now), this.model.first(index, now));
      }
    }
    const known = new Set([...this.lanes.lanes()].map(laneKey));
    for (const one of this.model.standing) assert.ok(known.has(laneKey(laneOf(one.lane))));
  }

  #carryOut(act: Act): void {
    if (act.act === "take") {
      const first = this.lanes.first(laneOf(act.lane), act.now);
      if (first !== null) this.#leave(act.lane, first.stepKey);
    } else if (act.act === "leave") {
      this.#leave(act.lane, `s${act.step}`);
    } else if (!this.model.standing.some((one) => one.ticket.stepKey === `s${act.step}`)) {
      const { priority, notBefore } = act;
      const ticket = { stepKey: `s${act.step}`, seq: this.#seq, priority, notBefore };
      this.lanes.enter(laneOf(act.lane), ticket, this.#seq);
      this.model.enter(act.lane, ticket, this.#seq);
    }
  }

  #leave(lane: number, stepKey: string): void {
    this.lanes.leave(laneOf(lane), stepKey);
    this.model.leave(lane, stepKey);
  }
}

function laneOf(index: number): Lane {
  const lane = LANES[index];
  if (lane === undefined) throw new RangeError(`no lane ${index}`);
  return lane;
}

/** A lane that nobody ever stood in is not spoken of. */
function expectStates({ lanes, model }: Twins): void {
  const states = new Map(lanes.states().map((state) => [laneKey(state.lane), state]));
  const empty = { ready: 0, since: 0, priority: 0, nextAt: null };
  const found = LANES.map((lane) => states.get(laneKey(lane)) ?? { lane, ...empty });
  expect(found).toEqual(model.states());
}

describe("ready lanes", () => {
  test("let start whoever a search through all that stand there would let start", () => {
    fc.assert(
      fc.property(someActs, (acts) => {
        const twins = new Twins(createReadyLanes(), new Model(), 0);
        twins.play(acts);
        expectStates(twins);
      }),
    );
  });

  test("can be decided on in a draft, which leaves them as they were", () => {
    fc.assert(
      fc.property(someActs, someActs, someActs, (before, tried, after) => {
        const base = new Twins(createReadyLanes(), new Model(), 0);
        base.play(before);
        const { standing, since } = base.model;
        new Twins(base.lanes.draft(), new Model(standing, since), base.seq).play(tried);
        base.compare();
        base.play(after);
        expectStates(base);
      }),
    );
  });

  test("find the first of a long line without walking past those that have left", () => {
    const lanes = createReadyLanes();
    const command = laneOf(0);
    for (let seq = 0; seq < 1000; seq += 1) {
      lanes.enter(command, { stepKey: `s${seq}`, seq, priority: 0, notBefore: null }, seq);
    }
    for (let seq = 0; seq < 1000; seq += 1) {
      expect(lanes.first(command, 0)?.stepKey).toBe(`s${seq}`);
      lanes.leave(command, `s${seq}`);
    }
    expect(lanes.first(command, 0)).toBeNull();
  });

  test("find the first of many whose backoff is over without looking at all of them", () => {
    const lanes = createReadyLanes();
    const command = laneOf(0);
    const many = 20_000;
    let looks = 0;
    for (let seq = 0; seq < many; seq += 1) {
      const priority = seq % 3;
      const notBefore = 1000 + ((seq * 7919) % many);
      const place = { stepKey: `s${seq}`, seq, notBefore };
      const ticket = Object.defineProperty({ ...place, priority }, "priority", {
        get: () => {
          looks += 1;
          return priority;
        },
      });
      lanes.enter(command, ticket, 0);
    }
    expect(lanes.first(command, 999)).toBeNull();
    expect(looks).toBe(0);
    const started = new Map<number, number>();
    for (let turn = 0; turn < many; turn += 1) {
      const draft = lanes.draft();
      const first = draft.first(command, 1000 + many);
      draft.leave(command, first?.stepKey ?? "");
      const second = draft.first(command, 1000 + many);
      expect(second?.stepKey).not.toBe(first?.stepKey);
      lanes.leave(command, first?.stepKey ?? "");
      if (first !== null) started.set(first.priority, (started.get(first.priority) ?? 0) + 1);
    }
    expect([...started]).toEqual([
      [2, 6666],
      [1, 6667],
      [0, 6667],
    ]);
    expect(lanes.states()).toMatchObject([{ ready: 0, nextAt: null }]);
    expect(looks / many).toBeLessThan(200);
  });

  test("a draft is for deciding alone", () => {
    const draft = createReadyLanes().draft();
    expect(() => draft.states()).toThrow("decided on");
    expect(() => draft.draft()).toThrow("no draft");
  });
});
