import { MessageScanner, type Message } from "./message-scanner.ts";
import { NO_PART, partOf, type StatementPart, type StatementRules } from "./statement-part.ts";

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
  /** Whether its transaction, up to there, has changed any rows. */
  readonly hasChanged: boolean;
}

/** SSL and GSS are asked for under these numbers; the start-up follows where they are refused. */
const NEGOTIATIONS: ReadonlySet<number> = new Set([80_877_103, 80_877_104]);

/** What the server says of a statement that has changed rows. */
const CHANGED = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) [1-9]/;
/** What it says where it waits outside of any transaction. */
const OUTSIDE = "I";

/**
 * Follows one connection to a Postgres server by what passes: where a COMMIT is complete, and how
 * the server answered it. Statements are known by their first kilobyte. What is encrypted it cannot
 * read, and finds nothing in it.
 */
export class PostgresWatch {
  readonly #rules: StatementRules;
  readonly #said = new MessageScanner({ isTyped: false, wanted: "BCEPQ" });
  readonly #answered = new MessageScanner({ isTyped: true, wanted: "CZ" });
  /** What prepared statements and portals do, by their names. */
  readonly #statements = new Map<string, StatementPart>();
  readonly #portals = new Map<string, StatementPart>();
  #parameters: ReadonlyMap<string, string> = new Map();
  /** Whether the transaction holds a statement that writes. */
  #hasWritten = false;
  /** Whether it has been told to commit; a Sync makes that count. */
  #isArmed = false;
  /** The server's first answer ends the start-up. */
  #asked = 1;
  #answers = 0;
  #tag = "";
  #hasFailed = false;
  #hasChanged = false;

  constructor(rules: StatementRules = {}) {
    this.#rules = rules;
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
      if (type === "C") {
        this.#tag = readText(head, 0);
        this.#hasChanged ||= CHANGED.test(this.#tag);
      } else if (type === "E") this.#hasFailed = true;
      else if (type === "Z") {
        this.#answers += 1;
        const isDone = !this.#hasFailed && this.#tag !== "ROLLBACK";
        yield { number: this.#answers, isDone, hasChanged: this.#hasChanged };
        this.#hasFailed = false;
        this.#tag = "";
        if (readText(head, 0) === OUTSIDE) this.#hasChanged = false;
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
        this.#carryOut(partOf(readText(head, 0), this.#rules));
        return this.#isAsked();
      case "F":
      case "S":
        return this.#isAsked();
      default:
        this.#prepare(type, head);
        return false;
    }
  }

  /** The server will answer all that it has been told; whether that was to commit. */
  #isAsked(): boolean {
    this.#asked += 1;
    const commits = this.#isArmed;
    this.#isArmed = false;
    return commits;
  }

  #carryOut({ begins, writes, commits }: StatementPart): void {
    // One that was rolled back leaves nothing to the next.
    if (begins) this.#hasWritten = false;
    if (writes) this.#hasWritten = true;
    if (!commits) return;
    this.#isArmed ||= this.#hasWritten;
    this.#hasWritten = false;
  }

  #begin(head: Buffer): void {
    if (head.length < 4 || NEGOTIATIONS.has(head.readUInt32BE(0))) return;
    const words = head.toString("utf8", 4).split("\0");
    const pairs = words.flatMap((word, n) => (n % 2 === 0 ? [[word, words[n + 1] ?? ""]] : []));
    this.#parameters = new Map(pairs.map(([name = "", value = ""]) => [name, value]));
    this.#said.isTyped = true;
  }

  /** The steps of the extended protocol: parse, bind, execute, close. */
  #prepare(type: string, head: Buffer): void {
    const end = head.indexOf(0);
    const first = readText(head, 0);
    const second = end === -1 ? "" : readText(head, end + 1);
    if (type === "P") this.#statements.set(first, partOf(second, this.#rules));
    else if (type === "B") this.#portals.set(first, this.#statements.get(second) ?? NO_PART);
    else if (type === "E") this.#carryOut(this.#portals.get(first) ?? NO_PART);
    else if (type === "C") {
      (first.startsWith("S") ? this.#statements : this.#portals).delete(first.slice(1));
    }
  }
}

/** Text up to its zero byte, or as much of it as was kept. */
function readText(bytes: Buffer, from: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString("utf8", from, end === -1 ? bytes.length : end);
}
