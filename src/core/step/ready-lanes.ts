import type { Lane } from "./lease.ts";

/** A step's place in line: higher priority first, among equals the smaller `seq`. */
export interface Ticket {
  readonly stepKey: string;
  readonly seq: number;
  readonly priority: number;
  /** It may not start before this time; null: at once. */
  readonly notBefore: number | null;
}

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

/** A ticket that may not start before `at`. */
interface DelayedTicket {
  readonly ticket: Ticket;
  readonly at: number;
}

class LaneLine {
  readonly lane: Lane;
  readonly here = new Map<string, Ticket>();
  readonly delayed = new Map<string, DelayedTicket>();
  readonly lines = new Map<number, TicketLine>();
  since: number;

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
      line.delayed.set(ticket.stepKey, { ticket, at: ticket.notBefore });
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
      priority: line.lines.size === 0 ? 0 : Math.max(...line.lines.keys()),
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
    if (own !== undefined && (own.here.has(stepKey) || own.delayed.has(stepKey))) {
      this.#own.leave(lane, stepKey);
      return;
    }
    const base = this.#base.lines.get(key);
    const ticket = base?.here.get(stepKey) ?? base?.delayed.get(stepKey)?.ticket;
    if (ticket === undefined) return;
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
  for (const { ticket, at } of line.delayed.values()) {
    if (at > now || left.has(ticket)) continue;
    if (best === null || comesBefore(ticket, best)) best = ticket;
  }
  return best;
}

/** Whether one ticket starts before another where both may. */
export function comesBefore(left: Ticket, right: Ticket): boolean {
  if (left.priority !== right.priority) return left.priority > right.priority;
  return left.seq < right.seq;
}

function earliest(tickets: Iterable<DelayedTicket>): number | null {
  let earliest = Infinity;
  for (const { at } of tickets) earliest = Math.min(earliest, at);
  return earliest === Infinity ? null : earliest;
}
