import { MessageScanner, type Message } from "./message-scanner.ts";

/** A statement that commits has gone by. */
export interface CommitSent {
  /** Where, in the chunk, all of it has been said: what the server needs to carry it out. */
  readonly end: number;
  /** The number of the answer that will be its answer. */
  readonly answer: number;
}

/** The server has answered, and waits for the next statement. */
export interface Answer {
  readonly number: number;
  /** Whether what it had been told to do last was done, and not failed or rolled back. */
  readonly isDone: boolean;
}

/** SSL and GSS are asked for under these numbers; the start-up follows where they are refused. */
const NEGOTIATIONS: ReadonlySet<number> = new Set([80_877_103, 80_877_104]);

/** Statements, or lists of them, that end a transaction for good. */
const COMMIT =
  /(?:^|;)\s*(?:commit|end)(?:\s+(?:work|transaction))?(?:\s+and\s+(?:no\s+)?chain)?\s*;?\s*$/i;

export function isCommitStatement(statement: string): boolean {
  return COMMIT.test(statement);
}

/**
 * Follows one connection to a Postgres server by what passes: where a COMMIT is complete, and how
 * the server answered it. Statements are known by their first kilobyte. What is encrypted it cannot
 * read, and finds nothing in it.
 */
export class PostgresWatch {
  readonly #isCommit: (statement: string) => boolean;
  readonly #said = new MessageScanner({ isTyped: false, wanted: "BCEPQ" });
  readonly #answered = new MessageScanner({ isTyped: true, wanted: "C" });
  /** Prepared statements and portals that commit, by their names. */
  readonly #statements = new Set<string>();
  readonly #portals = new Set<string>();
  #parameters: ReadonlyMap<string, string> = new Map();
  #isArmed = false;
  /** The server's first answer ends the start-up. */
  #asked = 1;
  #answers = 0;
  #tag = "";
  #hasFailed = false;

  constructor(isCommit: (statement: string) => boolean = isCommitStatement) {
    this.#isCommit = isCommit;
  }

  /** What the client gave at start-up: its user, database, application name. */
  get parameters(): ReadonlyMap<string, string> {
    return this.#parameters;
  }

  /** The commits that a chunk of the client's completes; the server is asked to do them from there on. */
  *findCommits(chunk: Buffer): Generator<CommitSent, void> {
    for (const message of this.#said.scan(chunk)) {
      if (this.#hear(message)) yield { end: message.end, answer: this.#asked };
    }
  }

  /** The answers that a chunk of the server's completes. */
  *findAnswers(chunk: Buffer): Generator<Answer, void> {
    // Before the start-up it says in one letter, outside of all messages, whether it encrypts.
    if (!this.#said.isTyped) return;
    for (const { type, head } of this.#answered.scan(chunk)) {
      if (type === "C") this.#tag = readText(head, 0);
      else if (type === "E") this.#hasFailed = true;
      else if (type === "Z") {
        this.#answers += 1;
        const isDone = !this.#hasFailed && this.#tag !== "ROLLBACK";
        yield { number: this.#answers, isDone };
        this.#hasFailed = false;
        this.#tag = "";
      }
    }
  }

  /** Whether the server, once it has this message too, commits. */
  #hear({ type, head }: Message): boolean {
    switch (type) {
      case "":
        this.#begin(head);
        return false;
      case "Q":
        this.#asked += 1;
        return this.#isCommit(readText(head, 0));
      case "F":
        this.#asked += 1;
        return false;
      case "S": {
        this.#asked += 1;
        const commits = this.#isArmed;
        this.#isArmed = false;
        return commits;
      }
      default:
        this.#prepare(type, head);
        return false;
    }
  }

  #begin(head: Buffer): void {
    if (head.length < 4 || NEGOTIATIONS.has(head.readUInt32BE(0))) return;
    const words = head.toString("utf8", 4).split("\0");
    const pairs = words.flatMap((word, n) => (n % 2 === 0 ? [[word, words[n + 1] ?? ""]] : []));
    this.#parameters = new Map(pairs.map(([name = "", value = ""]) => [name, value]));
    this.#said.isTyped = true;
  }

  /** The steps of the extended protocol; a Sync makes them count. */
  #prepare(type: string, head: Buffer): void {
    const end = head.indexOf(0);
    const first = readText(head, 0);
    const second = end === -1 ? "" : readText(head, end + 1);
    if (type === "P") mark(this.#statements, first, this.#isCommit(second));
    else if (type === "B") mark(this.#portals, first, this.#statements.has(second));
    else if (type === "E") this.#isArmed ||= this.#portals.has(first);
    else if (type === "C")
      mark(first.startsWith("S") ? this.#statements : this.#portals, first.slice(1), false);
  }
}

function mark(names: Set<string>, name: string, isCommit: boolean): void {
  if (isCommit) names.add(name);
  else names.delete(name);
}

/** Text up to its zero byte, or as much of it as was kept. */
function readText(bytes: Buffer, from: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString("utf8", from, end === -1 ? bytes.length : end);
}
