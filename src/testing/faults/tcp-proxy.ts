import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import {
  ProxiedConnection,
  type CommitCut,
  type ConnectionEvents,
  type CutKind,
  type Direction,
} from "./proxied-connection.ts";
import type { StatementRules } from "./statement-part.ts";

/** To which server; and, where commits are to be cut, which of its statements count. */
export interface TcpProxyOptions extends StatementRules {
  /** Where the server listens, on the loopback interface. */
  readonly port: number;
}

export interface CommitCutOptions {
  /** Which commits, by their numbers on this proxy from 1; all of them if not said. */
  readonly which?: (number: number) => boolean;
  /**
   * `forwarded`, if not said: at once, while the server may still be at it. `answered`: when the
   * server has done it and its answer has come this far and no further.
   */
  readonly when?: CommitCut["when"];
  readonly how?: CutKind;
}

/** How often clients were cut at a forwarded commit, and what the server, asked alone, said to it. */
export interface CommitCutCount {
  readonly made: number;
  /** Proven: rows were changed for good, and the client was not told. */
  readonly committed: number;
  /** The transaction had failed, was rolled back, or had changed nothing. */
  readonly refused: number;
  /** The server ended before it answered. What is in none of these three is still under way. */
  readonly unanswered: number;
}

/** Stands between clients and a server, and does to their connections what networks do. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  readonly #listener: Server;
  readonly #options: TcpProxyOptions;
  readonly #connections = new Set<ProxiedConnection>();
  readonly #delays = new Map<Direction, number>();
  readonly #gaps = new Map<Direction, "hold" | "blackhole">();
  #cutAt: Required<CommitCutOptions> | null = null;
  #commits = 0;
  #cuts: CommitCutCount = { made: 0, committed: 0, refused: 0, unanswered: 0 };

  /** @internal Made by `startTcpProxy`. */
  constructor(listener: Server, port: number, options: TcpProxyOptions) {
    this.port = port;
    this.#listener = listener;
    this.#options = options;
    listener.on("connection", (client) => this.#accept(client));
  }

  /** Those that are open on one side at least, in the order in which they came. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  /** How many commits that count have come by. */
  get commits(): number {
    return this.#commits;
  }

  get commitCuts(): CommitCutCount {
    return this.#cuts;
  }

  /** The same address, by way of this proxy. */
  route(url: string): string {
    const address = new URL(url);
    address.host = `127.0.0.1:${this.port}`;
    return address.href;
  }

  /** Every byte takes so much longer, on connections that are and that come. */
  delay(delayMs: number, direction: Direction = "both"): void {
    for (const one of each(direction)) this.#delays.set(one, delayMs);
    for (const connection of this.#connections) connection.delay(delayMs, direction);
  }

  /** Nothing passes until it is healed, and nothing is lost; new connections are taken and wait. */
  hold(direction: Direction = "both"): void {
    this.#open("hold", direction);
  }

  /** What comes is taken and forgotten; new connections are taken and never answered. */
  blackhole(direction: Direction = "both"): void {
    this.#open("blackhole", direction);
  }

  /** Ends what was held back or swallowed. A connection that has lost bytes is reset. Delays stay. */
  heal(): void {
    this.#gaps.clear();
    for (const connection of this.#connections) connection.heal();
  }

  /** Cuts every connection that there is; new ones may come. */
  cut(how: CutKind = "reset"): void {
    for (const connection of this.#connections) connection.cut(how);
  }

  /**
   * From now on cuts clients after a forwarded commit and before its answer: they cannot know
   * whether it stands. What they send after the commit does not reach the server.
   */
  cutCommits(options: CommitCutOptions = {}): void {
    this.#cutAt = { which: () => true, when: "forwarded", how: "reset", ...options };
  }

  /** Lets commits pass again. */
  spareCommits(): void {
    this.#cutAt = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, "close");
    this.#listener.close();
    this.cut();
    await closed;
  }

  #accept(client: Socket): void {
    const events: ConnectionEvents = {
      rules: this.#options,
      onCommit: () => this.#onCommit(),
      onCommitAnswer: (answer) => this.#count(answer === "none" ? "unanswered" : answer),
      onClose: (connection) => this.#connections.delete(connection),
    };
    const connection = new ProxiedConnection(client, this.#options.port, events);
    this.#connections.add(connection);
    for (const [direction, delayMs] of this.#delays) connection.delay(delayMs, direction);
    for (const [direction, gap] of this.#gaps) connection[gap](direction);
    connection.reach();
  }

  #open(gap: "hold" | "blackhole", direction: Direction): void {
    for (const one of each(direction)) this.#gaps.set(one, gap);
    for (const connection of this.#connections) connection[gap](direction);
  }

  #onCommit(): CommitCut | null {
    this.#commits += 1;
    if (this.#cutAt?.which(this.#commits) !== true) return null;
    this.#count("made");
    return this.#cutAt;
  }

  #count(what: keyof CommitCutCount): void {
    this.#cuts = { ...this.#cuts, [what]: this.#cuts[what] + 1 };
  }
}

/** Listens on a port of its own on the loopback interface until it is disposed of. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const listener = createServer({ allowHalfOpen: true });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const { port } = listener.address() as AddressInfo;
  return new TcpProxy(listener, port, options);
}

function each(direction: Direction): readonly Direction[] {
  return direction === "both" ? ["to-server", "to-client"] : [direction];
}
