import { Client } from "pg";
import { expect, test } from "vitest";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import type { WorkHint } from "../store.ts";
import { connectDirectly } from "./direct-connection.ts";
import { WorkHints, type WorkHintsOptions } from "./work-hints.ts";

const PREAMBLE = "set synchronous_commit = off";

test("what one process tells, the others hear, and it does not hear itself", async () => {
  await using database = await createDatabase();
  await using one = hintsOn(database.url, "one");
  await using two = hintsOn(database.url, "two");
  const heard = { one: hearingOf(one), two: hearingOf(two) };
  await Promise.all([heard.one.next("everybody"), heard.two.next("everybody")]);
  one.tell(["gpu"]);
  expect(await heard.two.next()).toEqual(new Set(["gpu"]));
  two.tell(["*"]);
  expect(await heard.one.next()).toBe("everybody");
  expect(heard.two.waiting).toEqual([]);
});

test("the first is said at once, and what comes meanwhile is said together", async () => {
  await using database = await createDatabase();
  await using one = hintsOn(database.url, "one");
  await using two = hintsOn(database.url, "two");
  const heard = hearingOf(two);
  await heard.next("everybody");
  const own = hearingOf(one);
  await own.next("everybody");
  for (let pool = 0; pool < 1000; pool += 1) one.tell([`pool-${pool % 10}`]);
  expect(await heard.next()).toEqual(new Set(["pool-0"]));
  const together = await heard.next();
  expect(together).toEqual(new Set(Array.from({ length: 10 }, (_, pool) => `pool-${pool}`)));
  expect(heard.waiting).toEqual([]);
});

test("a process that only acts is heard though it ends at once", async () => {
  await using database = await createDatabase();
  await using listener = hintsOn(database.url, "one");
  const heard = hearingOf(listener);
  await heard.next("everybody");
  {
    await using command = hintsOn(database.url, "command");
    command.tell(["default"]);
  }
  expect(await heard.next()).toEqual(new Set(["default"]));
});

test("a connection that the server ends is made again, and all that was missed is looked for", async () => {
  await using database = await createDatabase();
  await using hints = hintsOn(database.url, "one");
  const heard = hearingOf(hints);
  await heard.next("everybody");
  await terminate(database.url);
  expect(await heard.next()).toBe("everybody");
  expect(hints.hearing).toBe("listening");
});

test("behind a pooler that lends connections it is deaf, and says so", async () => {
  await using database = await createDatabase();
  // What is sent on another connection never comes in: as where each statement may go to another one.
  await using hints = hintsOn(database.url, "one", { notify: () => Promise.resolve() });
  using _listening = hints.listen(() => undefined);
  await expect.poll(() => hints.hearing, { timeout: 10_000 }).toBe("deaf");
});

test("telling neither waits nor fails where there is no server", async () => {
  await using hints = hintsOn("postgres://nobody@127.0.0.1:1/none", "one");
  using _listening = hints.listen(() => undefined);
  hints.tell(["default"]);
  expect(hints.hearing).toBe("connecting");
});

test("what strangers send is not heard", async () => {
  await using database = await createDatabase();
  await using hints = hintsOn(database.url, "one");
  const heard = hearingOf(hints);
  await heard.next("everybody");
  await ask(database.url, "select pg_notify('planwright', 'rubbish')");
  await ask(database.url, `select pg_notify('planwright', '{"from":"two","pools":["last"]}')`);
  expect(await heard.next()).toEqual(new Set(["last"]));
});

function hintsOn(url: string, id: string, rest: Partial<WorkHintsOptions> = {}): WorkHints {
  return new WorkHints({
    id,
    connect: () => connectDirectly({ url, preamble: PREAMBLE, applicationName: "hints" }),
    notify: (text) => ask(url, "select pg_notify('planwright', $1)", text),
    chance: () => 0,
    ...rest,
  });
}

async function ask(url: string, sql: string, ...values: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql, [...values]);
  await client.end();
}

function terminate(url: string): Promise<void> {
  return ask(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'hints' and datname = current_database()`,
  );
}

interface Hearing {
  /** What has been heard and not been taken. */
  readonly waiting: WorkHint[];
  /** The next that is heard; the one that is asked for, where one is. */
  next(wanted?: WorkHint): Promise<WorkHint>;
}

function hearingOf(hints: WorkHints): Hearing {
  const waiting: WorkHint[] = [];
  let more = Promise.withResolvers<void>();
  hints.listen((hint) => {
    waiting.push(hint);
    more.resolve();
    more = Promise.withResolvers();
  });
  return {
    waiting,
    next: async (wanted) => {
      for (;;) {
        const hint = waiting.shift();
        if (hint === undefined) await more.promise;
        else if (wanted === undefined || hint === wanted) return hint;
      }
    },
  };
}
