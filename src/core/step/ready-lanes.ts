import type { Lane } from "./lease.ts";

/** A step's place in line: higher priority first, among equals the smaller `seq`. */
export interface Ticket {
  readonly stepKey: string;
  readonly seq: number;
  readonly priority: number;
  /** It may not start before this time; null: at once. */
  readonly notBefore: number | null;
}

/** What stands in one lane. */
export interface LaneState {
  readonly lane: Lane;
  /** Steps that may start at once. */
  readonly ready: number;
  /** Since when somebody who may start at once has stood in it. */
  readonly since: number;
  /** The highest priority among those who may start at once. */
  readonly priority: number;
  /** The earliest `notBefore` of the others. */
  readonly nextAt: number | null;
}

/**
 * Ready steps by lane, in the order in which they may start. Entering, leaving and finding the
 * first cost nothing that grows with the plan; only steps that wait for a time are scanned.
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

/** Lanes with nobody in them. */
export function createReadyLanes(): ReadyLanes {
  return new BaseLanes();
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
    for (let place = this.head; place < this.tickets.length; place += 1) {
      const ticket = this.tickets[place];
      if (ticket !== undefined && isHere(ticket)) return ticket;
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
  readonly delayed = new Map<string, Ticket>();
  readonly lines = new Map<number, TicketLine>();
  since = 0;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  readonly isHere = (ticket: Ticket): boolean => this.here.get(ticket.stepKey) === ticket;
}

class BaseLanes implements ReadyLanes {
  readonly lines = new Map<string, LaneLine>();

  enter(lane: Lane, ticket: Ticket, time: number): void {
    const key = laneKey(lane);
    let line = this.lines.get(key);
    if (line === undefined) this.lines.set(key, (line = new LaneLine(lane)));
    if (ticket.notBefore !== null) {
      line.delayed.set(ticket.stepKey, ticket);
      return;
    }
    if (line.here.size === 0) line.since = time;
    line.here.set(ticket.stepKey, ticket);
    lineOf(line, ticket.priority).push(ticket);
  }

  leave(lane: Lane, stepKey: string): void {
    const line = this.lines.get(laneKey(lane));
    if (line === undefined || line.delayed.delete(stepKey)) return;
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
      priority: Math.max(...line.lines.keys()),
      nextAt: earliest(line.delayed.values()),
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
  readonly #own = new BaseLanes();
  readonly #left = new Map<string, Set<Ticket>>();

  constructor(base: BaseLanes) {
    this.#base = base;
  }

  enter(lane: Lane, ticket: Ticket, time: number): void {
    this.#own.enter(lane, ticket, time);
  }

  leave(lane: Lane, stepKey: string): void {
    const key = laneKey(lane);
    const own = this.#own.lines.get(key);
    if (own !== undefined && (own.here.has(stepKey) || own.delayed.has(stepKey))) {
      this.#own.leave(lane, stepKey);
      return;
    }
    const base = this.#base.lines.get(key);
    const ticket = base?.here.get(stepKey) ?? base?.delayed.get(stepKey);
    if (ticket === undefined) return;
    let left = this.#left.get(key);
    if (left === undefined) this.#left.set(key, (left = new Set()));
    left.add(ticket);
  }

  first(lane: Lane, now: number): Ticket | null {
    const key = laneKey(lane);
    const base = this.#base.lines.get(key);
    const before =
      base === undefined ? null : firstOf(base, now, this.#left.get(key) ?? NOTHING_LEFT);
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
  for (const ticket of line.delayed.values()) {
    if (startOf(ticket) > now || left.has(ticket)) continue;
    if (best === null || comesBefore(ticket, best)) best = ticket;
  }
  return best;
}

function startOf(ticket: Ticket): number {
  return ticket.notBefore ?? -Infinity;
}

function comesBefore(left: Ticket, right: Ticket): boolean {
  if (left.priority !== right.priority) return left.priority > right.priority;
  return left.seq < right.seq;
}

function earliest(tickets: Iterable<Ticket>): number | null {
  let at: number | null = null;
  for (const ticket of tickets) {
    at = Math.min(at ?? Infinity, startOf(ticket));
  }
  return at;
}
