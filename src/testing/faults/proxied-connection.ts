import { Socket } from "node:net";
import { Flow } from "./flow.ts";
import { PostgresWatch, type CommitSent } from "./postgres-watch.ts";
import { resetSocket } from "./reset-socket.ts";
import type { StatementRules } from "./statement-part.ts";

/** Which way bytes go. */
export type Direction = "to-server" | "to-client" | "both";

/** `reset` as by a machine that has lost its memory of it (RST); `end` in order (FIN). */
export type CutKind = "reset" | "end";

/** How a connection is cut at a commit. */
export interface CommitCut {
  readonly when: "forwarded" | "answered";
  readonly how: CutKind;
}

/** What a connection tells its proxy. */
export interface ConnectionEvents {
  readonly rules: StatementRules;
  /** A commit is about to be forwarded: how to cut there, or null to let it pass. */
  readonly onCommit: () => CommitCut | null;
  /** The server has answered the commit at which the client was cut, or will answer it no more. */
  readonly onCommitAnswer: (answer: "committed" | "refused" | "none") => void;
  readonly onClose: (connection: ProxiedConnection) => void;
}

/** One connection through the proxy: two sockets, and what becomes of the bytes between them. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #server = new Socket({ allowHalfOpen: true });
  readonly #serverPort: number;
  readonly #events: ConnectionEvents;
  readonly #watch: PostgresWatch;
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  #isReached = false;
  #isClosed = false;
  /** Once a cut at a commit has begun, until it is known what became of the commit. */
  #cutting: (CommitCut & CommitSent) | null = null;

  constructor(client: Socket, serverPort: number, events: ConnectionEvents) {
    this.#client = client;
    this.#serverPort = serverPort;
    this.#events = events;
    this.#watch = new PostgresWatch(events.rules);
    this.#toServer = new Flow(client, this.#server, (bytes) => this.#forward(bytes));
    this.#toClient = new Flow(this.#server, client, (bytes) => this.#answer(bytes));
    for (const socket of [client, this.#server]) {
      socket.setNoDelay(true);
      socket.once("end", () => this.#settle());
      socket.once("close", () => this.#settle());
    }
  }

  /** As the client gave it to a Postgres server; null where it has given none. */
  get applicationName(): string | null {
    return this.#watch.parameters.get("application_name") ?? null;
  }

  /** Whether bytes of it were swallowed: healed, it is reset. */
  get hasLost(): boolean {
    return this.#toServer.hasHole || this.#toClient.hasHole;
  }

  /** Goes to the server where the way there is open; else when it is healed. */
  reach(): void {
    if (this.#isReached || this.#isClosed || this.#toServer.mode !== "flowing") return;
    this.#isReached = true;
    this.#server.connect(this.#serverPort, "127.0.0.1");
  }

  /** Every byte takes so much longer, in order. */
  delay(delayMs: number, direction: Direction = "both"): void {
    for (const flow of this.#flows(direction)) flow.delay(delayMs);
  }

  /** Nothing passes until it is healed, and nothing is lost: a network that is gone for a while. */
  hold(direction: Direction = "both"): void {
    for (const flow of this.#flows(direction)) flow.mode = "held";
  }

  /** What comes is taken and forgotten, an end of it too: a peer that is gone and never said so. */
  blackhole(direction: Direction = "both"): void {
    for (const flow of this.#flows(direction)) flow.mode = "swallowed";
  }

  /** Bytes flow again. A connection that has lost some cannot go on: it is reset. */
  heal(): void {
    if (this.hasLost) {
      this.cut("reset");
      return;
    }
    for (const flow of this.#flows("both")) flow.mode = "flowing";
    this.reach();
  }

  /** Ends it on both sides at once; what is still under way is lost. */
  cut(how: CutKind = "reset"): void {
    this.#isReached = true;
    this.#toServer.stop();
    this.#toClient.stop();
    endSocket(this.#client, how);
    endSocket(this.#server, how);
  }

  #flows(direction: Direction): readonly Flow[] {
    if (direction === "to-server") return [this.#toServer];
    return direction === "to-client" ? [this.#toClient] : [this.#toServer, this.#toClient];
  }

  #forward(bytes: Buffer): void {
    for (const commit of this.#watch.findCommits(bytes)) {
      const cut = this.#events.onCommit();
      if (cut === null) continue;
      this.#cutting = { ...cut, ...commit };
      // The server is to get all of it, and is left alone until it has answered: a connection that
      // ended now might take the commit with it.
      this.#toServer.stop();
      this.#server.write(bytes.subarray(0, commit.end), () => {
        if (cut.when === "forwarded") endSocket(this.#client, cut.how);
      });
      return;
    }
    this.#server.write(bytes);
  }

  #answer(bytes: Buffer): void {
    // Looked at all of it: the numbers of the answers go on.
    const answers = [...this.#watch.findAnswers(bytes)];
    if (this.#cutting === null) {
      this.#client.write(bytes);
      return;
    }
    const { answer, how } = this.#cutting;
    const found = answers.find(({ number }) => number === answer);
    if (found === undefined) return;
    this.#tellAnswer(found.isDone && found.hasChanged ? "committed" : "refused");
    this.cut(how);
  }

  #tellAnswer(answer: "committed" | "refused" | "none"): void {
    if (this.#cutting === null) return;
    this.#cutting = null;
    this.#events.onCommitAnswer(answer);
  }

  /** Each side has its own end; with the second of them the connection is over. */
  #settle(): void {
    if (this.#client.destroyed && this.#server.destroyed) this.#close();
    else if (this.#hasNobody) this.cut("reset");
  }

  /** Whether neither side can still be told anything, though something is still open. */
  get #hasNobody(): boolean {
    if (this.#cutting !== null) return this.#toClient.isOver;
    const isOpen = this.#toServer.mode === "flowing" && this.#toClient.mode === "flowing";
    return !isOpen && this.#toServer.isOver && this.#toClient.isOver;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#toServer.stop();
    this.#toClient.stop();
    this.#tellAnswer("none");
    this.#events.onClose(this);
  }
}

function endSocket(socket: Socket, how: CutKind): void {
  if (how === "reset") resetSocket(socket);
  else socket.destroySoon();
}
