import fc from "fast-check";
import { expect, test } from "vitest";
import { PostgresWatch } from "./postgres-watch.ts";

function message(type: string, ...parts: readonly (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? text(part) : int(part))),
  );
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** The first message has no type: the protocol's number, then names and values. */
function startUp(...words: readonly string[]): Buffer {
  const body = Buffer.concat([int(196_608), ...words.map(text), Buffer.from("\0")]);
  return Buffer.concat([int(body.length + 4), body]);
}

const ready = (where: string) => message("Z", where);
const READY = ready("I");
const done = (tag: string) => message("C", tag);
const query = (sql: string) => message("Q", sql);
const parse = (name: string, sql: string) => message("P", name, sql, 0);
const bind = (portal: string, statement: string) => message("B", portal, statement, 0);
const execute = (portal: string) => message("E", portal, 0);
const SYNC = message("S");

/** What has been said in one go, after the start-up: how much of it each commit needs. */
function commitsIn(...messages: readonly Buffer[]): readonly number[] {
  const watch = new PostgresWatch();
  expect([...watch.findCommits(startUp("user", "somebody"))]).toEqual([]);
  return [...watch.findCommits(Buffer.concat(messages))].map(({ end }) => end);
}

function sizeOf(...messages: readonly Buffer[]): number {
  return Buffer.concat(messages).length;
}

test("a COMMIT is found among what is pipelined, with all that stands before it", () => {
  const before = [query("begin"), query("insert into t values (1)"), query("COMMIT")];
  expect(commitsIn(...before, query("begin"))).toEqual([sizeOf(...before)]);
  expect(commitsIn(query("begin"), query("rollback"))).toEqual([]);
});

test("a prepared COMMIT is complete with the Sync after its Execute", () => {
  const named = [parse("c", "commit"), bind("", "c"), execute(""), SYNC];
  expect(commitsIn(...named)).toEqual([sizeOf(...named)]);
  expect(commitsIn(parse("c", "commit"), bind("", "c"), execute(""))).toEqual([]);
  expect(commitsIn(parse("c", "commit"), SYNC, bind("p", "c"), SYNC)).toEqual([]);
});

test("a name stands for what was prepared under it last", () => {
  const again = [parse("c", "commit"), parse("c", "select 1"), bind("", "c"), execute(""), SYNC];
  expect(commitsIn(...again)).toEqual([]);
  const other = [parse("c", "commit"), bind("", "c"), bind("", "d"), execute(""), SYNC];
  expect(commitsIn(...other)).toEqual([]);
  const closed = [parse("c", "commit"), message("C", "Sc"), bind("", "c"), execute(""), SYNC];
  expect(commitsIn(...closed)).toEqual([]);
});

test("what counts as a commit can be said", () => {
  const watch = new PostgresWatch({ isCommit: (statement) => statement.startsWith("insert") });
  expect([...watch.findCommits(startUp())]).toEqual([]);
  expect([...watch.findCommits(query("insert into t values (1)"))]).toHaveLength(1);
});

test("commits of what has written nothing that matters are not looked at, where that is asked for", () => {
  const watch = new PostgresWatch({ isWrite: (statement) => statement.startsWith("insert") });
  const found = (...messages: readonly Buffer[]) => [...watch.findCommits(Buffer.concat(messages))];
  expect(found(startUp(), query("begin"), query("select 1"), query("commit"))).toEqual([]);
  expect(found(query("begin"), query("insert into t"), query("commit"))).toHaveLength(1);
  expect(found(query("begin"), query("insert into t"), query("rollback"))).toEqual([]);
  expect(found(query("begin"), query("select 1"), query("commit"))).toEqual([]);
  expect(found(query("insert into t; commit"))).toHaveLength(1);
  const insert = [parse("i", "insert into t"), bind("", "i"), execute(""), SYNC];
  expect(found(query("begin"), ...insert, query("commit"), query("commit"))).toHaveLength(1);
});

test("the parameters of the start-up are known, also after encryption was asked for and refused", () => {
  const watch = new PostgresWatch();
  const wish = Buffer.concat([int(8), int(80_877_103)]);
  expect([...watch.findCommits(wish)]).toEqual([]);
  expect([...watch.findAnswers(Buffer.from("N"))]).toEqual([]);
  expect([...watch.findCommits(startUp("user", "a", "application_name", "b"))]).toEqual([]);
  expect(watch.parameters.get("user")).toBe("a");
  expect(watch.parameters.get("application_name")).toBe("b");
  expect([...watch.findAnswers(READY)]).toEqual([{ number: 1, isDone: true, hasChanged: false }]);
});

test("each answer is told from the others, and what failed from what was done", () => {
  const watch = new PostgresWatch();
  const said = [startUp(), query("begin"), query("oops"), query("commit"), query("commit")];
  const [first, second] = [...watch.findCommits(Buffer.concat(said))];
  const answers = [
    Buffer.concat([message("R", 0), READY]),
    Buffer.concat([done("BEGIN"), READY]),
    Buffer.concat([message("E", "SERROR"), READY]),
    Buffer.concat([done("ROLLBACK"), READY]),
    Buffer.concat([message("N", "SWARNING"), done("COMMIT"), READY]),
  ];
  const found = [...watch.findAnswers(Buffer.concat(answers))];
  expect(found.map(({ isDone }) => isDone)).toEqual([true, true, false, false, true]);
  expect([first?.answer, second?.answer]).toEqual([4, 5]);
});

test("a transaction that has changed rows is told from one that has changed none", () => {
  const watch = new PostgresWatch();
  const said = ["begin", "update", "insert", "commit", "begin", "select", "commit", "delete"];
  for (const _ of watch.findCommits(Buffer.concat([startUp(), ...said.map(query)])));
  const answers = [
    READY,
    done("BEGIN"),
    ready("T"),
    done("UPDATE 0"),
    ready("T"),
    done("INSERT 0 2"),
    ready("T"),
    done("COMMIT"),
    READY,
    done("BEGIN"),
    ready("T"),
    done("SELECT 3"),
    ready("T"),
    done("COMMIT"),
    READY,
    done("DELETE 1"),
    READY,
  ];
  const found = [...watch.findAnswers(Buffer.concat(answers))];
  const changed = found.map(({ hasChanged }) => hasChanged);
  expect(changed).toEqual([false, false, false, true, true, false, false, false, true]);
});

test("however the bytes are cut, the same commits and answers are found", () => {
  const said = Buffer.concat([
    startUp("user", "somebody", "application_name", "a"),
    query("begin"),
    query("x".repeat(3000)),
    parse("c", "commit"),
    bind("p", "c"),
    execute("p"),
    SYNC,
    query("commit"),
  ]);
  const answered = Buffer.concat([READY, done("BEGIN"), READY, READY, done("COMMIT"), READY]);
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60, size: "max" });
  fc.assert(
    fc.property(lengths, (lengths) => {
      const watch = new PostgresWatch();
      let passed = 0;
      const commits: number[] = [];
      for (const chunk of cut(said, lengths)) {
        for (const { end } of watch.findCommits(chunk)) commits.push(passed + end);
        passed += chunk.length;
      }
      expect(commits).toEqual([said.length - query("commit").length, said.length]);
      const answers = cut(answered, lengths).flatMap((chunk) => [...watch.findAnswers(chunk)]);
      expect(answers.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    }),
  );
});

/** Chunks of these lengths, and one of all that is left. */
function cut(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...chunks, bytes.subarray(at)];
}

test("what is no Postgres connection is looked at without end or harm", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
      const watch = new PostgresWatch();
      for (const chunk of chunks) {
        const bytes = Buffer.from(chunk);
        for (const { end } of watch.findCommits(bytes))
          expect(end).toBeLessThanOrEqual(bytes.length);
        expect([...watch.findAnswers(bytes)].length).toBeLessThanOrEqual(bytes.length);
      }
    }),
  );
});
