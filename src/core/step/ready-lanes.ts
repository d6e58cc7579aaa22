import { DelayedLine } from "./delayed-line.ts";
import type { Lane } from "./lease.ts";
import { comesBefore, type Ticket } from "./ticket.ts";

/** A lane, and since when somebody who may start at once has stood in it, or last stood. */
export interface StoodIn {
  readonly lane: Lane;
  readonly since: number;
}

/** What stands in one lane. */
export interface LaneState extends StoodIn {
  /** Steps that may start at once. */
  readonly ready: number;
  /** The highest priority among those who may start at once; 0 where there are none. */
  readonly priority: number;
  /** The earliest `notBefore` of the others. */
  readonly nextAt: number | null;
}

/**
 * Ready steps by lane, in the order in which they may start. Entering, leaving and finding the
 * first cost nothing that grows with the plan; among those that wait for a time, its logarithm.
 */
export interface ReadyLanes {
  enter(lane: Lane, ticket: Ticket, time: number): void;
  leave(lane: Lane, stepKey: string): void;
  /** The first in a lane that may start now, or null. */
  first(lane: Lane, now: number): Ticket | null;
  /** Every lane that somebody stands or stood in. */
  lanes(): Iterable<Lane>;
  states(): LaneState[];
  /** A copy to decide on: what happens to it does not happen to this one. */
  draft(): ReadyLanes;
}

/** Lanes with nobody in them; `stood` are those that somebody stood in before. */
export function createReadyLanes(stood: readonly StoodIn[] = []): ReadyLanes {
  return new BaseLanes(stood);
}

export function laneKey(lane: Lane): string {
  return `${lane.pool}\n${lane.capability}${lane.alone ? "\nalone" : ""}`;
}

/** Tickets of one priority in the order of entering; those that left are passed over. */
class TicketLine {
  readonly tickets: Ticket[] = [];
  head = 0;
  live = 0;

  push(ticket: Ticket): void {
    this.tickets.push(ticket);
    this.live += 1;
  }

  first(isHere: (ticket: Ticket) => boolean): Ticket | null {
    let place = this.head;
    for (let ticket = this.tickets[place]; ticket !== undefined; ticket = this.tickets[place]) {
      if (isHere(ticket)) return ticket;
      place += 1;
    }
    return null;
  }

  /** Drops what has left from the front, so that finding the first stays cheap. */
  trim(isHere: (ticket: Ticket) => boolean): void {
    this.live -= 1;
    for (
      let first = this.tickets[this.head];
      first !== undefined;
      first = this.tickets[this.head]
    ) {
      if (isHere(first)) break;
      this.head += 1;
    }
    if (this.head > 64 && this.head * 2 > this.tickets.length) {
      this.tickets.splice(0, this.head);
      this.head = 0;
    }
  }
}

class LaneLine {
  readonly lane: Lane;
  readonly here = new Map<string, Ticket>();
  readonly lines = new Map<number, TicketLine>();
  since: number;
  /** Made when the first one waits for a time: few lanes ever have one. */
  delayed: DelayedLine | null = null;

  constructor(lane: Lane, since: number) {
    this.lane = lane;
    this.since = since;
  }

  readonly isHere = (ticket: Ticket): boolean => this.here.get(ticket.stepKey) === ticket;
}

class BaseLanes implements ReadyLanes {
  readonly lines: Map<string, LaneLine>;

  constructor(stood: readonly StoodIn[]) {
    this.lines = new Map(
      stood.map(({ lane, since }) => [laneKey(lane), new LaneLine(lane, since)]),
    );
  }

  enter(lane: Lane, ticket: Ticket, time: number): void {
    const key = laneKey(lane);
    let line = this.lines.get(key);
    if (line === undefined) this.lines.set(key, (line = new LaneLine(lane, time)));
    if (ticket.notBefore !== null) {
      line.delayed ??= new DelayedLine();
      line.delayed.enter(ticket, ticket.notBefore);
      return;
    }
    if (line.here.size === 0) line.since = time;
    line.here.set(ticket.stepKey, ticket);
    lineOf(line, ticket.priority).push(ticket);
  }

  leave(lane: Lane, stepKey: string): void {
    const line = this.lines.get(laneKey(lane));
    if (line === undefined || line.delayed?.leave(stepKey) === true) return;
    const ticket = line.here.get(stepKey);
    if (ticket === undefined) return;
    line.here.delete(stepKey);
    const tickets = lineOf(line, ticket.priority);
    tickets.trim(line.isHere);
    if (tickets.live === 0) line.lines.delete(ticket.priority);
  }

  first(lane: Lane, now: number): Ticket | null {
    const line = this.lines.get(laneKey(lane));
    return line === undefined ? null : firstOf(line, now, NOTHING_LEFT);
  }

  *lanes(): IterableIterator<Lane> {
    for (const line of this.lines.values()) yield line.lane;
  }

  states(): LaneState[] {
    return [...this.lines.values()].map((line) => ({
      lane: line.lane,
      ready: line.here.size,
      since: line.since,
      priority: line.lines.size === 0 ? 0 : Math.max(...line.lines.keys()),
      nextAt: line.delayed?.nextAt ?? null,
    }));
  }

  draft(): ReadyLanes {
    return new DraftLanes(this);
  }
}

const NOTHING_LEFT: ReadonlySet<Ticket> = new Set();

/** New tickets in lanes of its own over those of the base; who left the base is remembered. */
class DraftLanes implements ReadyLanes {
  readonly #base: BaseLanes;
  readonly #own = new BaseLanes([]);
  /** Made when the first one leaves: most decisions take nobody out of the base. */
  #left: Map<string, Set<Ticket>> | null = null;

  constructor(base: BaseLanes) {
    this.#base = base;
  }

  enter(lane: Lane, ticket: Ticket, time: number): void {
    this.#own.enter(lane, ticket, time);
  }

  leave(lane: Lane, stepKey: string): void {
    const key = laneKey(lane);
    const own = this.#own.lines.get(key);
    if (ticketOf(own, stepKey) !== null) {
      this.#own.leave(lane, stepKey);
      return;
    }
    const ticket = ticketOf(this.#base.lines.get(key), stepKey);
    if (ticket === null) return;
    this.#left ??= new Map();
    const left = this.#left.get(key);
    if (left === undefined) this.#left.set(key, new Set([ticket]));
    else left.add(ticket);
  }

  first(lane: Lane, now: number): Ticket | null {
    const key = laneKey(lane);
    const base = this.#base.lines.get(key);
    const before =
      base === undefined ? null : firstOf(base, now, this.#left?.get(key) ?? NOTHING_LEFT);
    const own = this.#own.first(lane, now);
    if (before === null || own === null) return before ?? own;
    return comesBefore(own, before) ? own : before;
  }

  *lanes(): IterableIterator<Lane> {
    for (const [key, line] of this.#base.lines) if (!this.#own.lines.has(key)) yield line.lane;
    yield* this.#own.lanes();
  }

  states(): LaneState[] {
    throw new Error("a draft is decided on, not looked at");
  }

  draft(): ReadyLanes {
    throw new Error("a draft has no draft");
  }
}

function ticketOf(line: LaneLine | undefined, stepKey: string): Ticket | null {
  return line?.here.get(stepKey) ?? line?.delayed?.find(stepKey) ?? null;
}

function lineOf(line: LaneLine, priority: number): TicketLine {
  let tickets = line.lines.get(priority);
  if (tickets === undefined) line.lines.set(priority, (tickets = new TicketLine()));
  return tickets;
}

function firstOf(line: LaneLine, now: number, left: ReadonlySet<Ticket>): Ticket | null {
  let best: Ticket | null = null;
  for (const tickets of line.lines.values()) {
    const ticket = tickets.first((other) => line.isHere(other) && !left.has(other));
    if (ticket !== null && (best === null || comesBefore(ticket, best))) best = ticket;
  }
  const delayed = line.delayed?.first(now, left) ?? null;
  if (delayed === null) return best;
  return best === null || comesBefore(delayed, best) ? delayed : best;
}
