import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "pg";
import { addTenant, openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";
import { readFeed } from "./read-feed.ts";

let database: StoreDatabase;

beforeAll(async () => {
  database = await openStoreDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

let plans = 0;

/** A tenant with a feed that is read to its end, page by page. */
async function newFeed() {
  const tenantNo = await addTenant(database.driver, `tenant-${(plans += 1)}`);
  const session = database.driver.as({ tenantNo });
  let cursor: string | null = null;
  return {
    tenantNo,
    session,
    /** What is new since the last look. */
    read: async (limit = 100): Promise<readonly unknown[]> => {
      const page = await readFeed(session, tenantNo, cursor, limit);
      ({ cursor } = page);
      return page.events;
    },
    get cursor() {
      return cursor;
    },
  };
}

/** Appends one event as a writer does; what it says is its own text. */
async function append(client: Client, tenantNo: number, text: string): Promise<void> {
  plans += 1;
  await client.query(
    "insert into events (tenant_no, plan_no, seq, hash, body) values ($1, $2, 1, '', $3)",
    [tenantNo, plans, JSON.stringify(text)],
  );
}

describe("P3: the feed", () => {
  test("tells nothing that something older could still come before, and misses nothing", async () => {
    const feed = await newFeed();
    const [slow, quick] = await Promise.all([database.connect(), database.connect()]);
    await slow.query("begin");
    await append(slow, feed.tenantNo, "begun first");
    await append(quick, feed.tenantNo, "committed first");
    // A reader by positions alone would take the second one now, and never see the first.
    expect(await feed.read()).toEqual([]);
    await slow.query("commit");
    expect(await feed.read()).toEqual(["begun first", "committed first"]);
    expect(await feed.read()).toEqual([]);
  });

  test("does not wait for who only reads, however long", async () => {
    const feed = await newFeed();
    const reader = await database.connect();
    await reader.query("begin isolation level repeatable read");
    await reader.query("select count(*) from events");
    await append(database.owner, feed.tenantNo, "told");
    expect(await feed.read()).toEqual(["told"]);
    await reader.query("rollback");
  });

  test("does not wait for who writes in another database of the server", async () => {
    await using elsewhere = await openStoreDatabase();
    const feed = await newFeed();
    const other = await elsewhere.connect();
    await other.query("begin");
    await other.query("select pg_current_xact_id()");
    await append(database.owner, feed.tenantNo, "told");
    expect(await feed.read()).toEqual(["told"]);
    await other.query("rollback");
  });

  test("waits a moment for transactions under way, so that who was answered finds it told", async () => {
    const feed = await newFeed();
    const other = await database.connect();
    await other.query("begin");
    await other.query("select pg_current_xact_id()");
    await append(database.owner, feed.tenantNo, "answered");
    const reading = feed.read();
    await other.query("rollback");
    expect(await reading).toEqual(["answered"]);
  });

  test("gives every event once, in pages of any size, while many write at once", async () => {
    const feed = await newFeed();
    const writers = await Promise.all(Array.from({ length: 6 }, () => database.connect()));
    const told: unknown[] = [];
    let isOver = false;
    const reading = (async () => {
      for (;;) {
        const isLast = isOver;
        const events = await feed.read(3);
        told.push(...events);
        if (isLast && events.length === 0) return;
      }
    })();
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let round = 0; round < 25; round += 1) {
          await writer.query("begin");
          await append(writer, feed.tenantNo, `${index}.${round}`);
          await append(writer, feed.tenantNo, `${index}.${round} again`);
          await writer.query("commit");
        }
      }),
    );
    isOver = true;
    await reading;
    expect(told).toHaveLength(6 * 25 * 2);
    expect(new Set(told).size).toBe(told.length);
    for (const [index] of writers.entries()) {
      const own = told.filter((text) => String(text).startsWith(`${index}.`));
      const expected = Array.from({ length: 25 }, (_, round) => [
        `${index}.${round}`,
        `${index}.${round} again`,
      ]);
      expect(own).toEqual(expected.flat());
    }
  });
});

describe("a feed after the database has moved", () => {
  test("goes on in order, though the numbers of transactions begin anew", async () => {
    const feed = await newFeed();
    await append(database.owner, feed.tenantNo, "before");
    // As it is after a restore into a new server: the old numbers lie ahead of the new ones.
    await database.owner.query("update events set xid = '900000000' where tenant_no = $1", [
      feed.tenantNo,
    ]);
    await database.owner.query(
      `update deployment set epoch = epoch + 1;
       select setval('events_position_seq', (select epoch << 40 from deployment))`,
    );
    await append(database.owner, feed.tenantNo, "after");
    expect(await feed.read(1)).toEqual(["before"]);
    expect(await feed.read(1)).toEqual(["after"]);
    expect(await feed.read(1)).toEqual([]);
  });

  test("refuses a cursor from before, and says what to do", async () => {
    const feed = await newFeed();
    await append(database.owner, feed.tenantNo, "before");
    await feed.read();
    const before = feed.cursor;
    await database.owner.query("update deployment set epoch = epoch + 1");
    await expect(readFeed(feed.session, feed.tenantNo, before, 1)).rejects.toMatchObject({
      code: "bad-cursor",
      message: expect.stringContaining("begin again without one"),
    });
  });
});

test("SEC-22: a cursor is three numbers in their ranges, and nothing else", async () => {
  const feed = await newFeed();
  await append(database.owner, feed.tenantNo, "one");
  await feed.read();
  const [epoch = "", xid = "", position = ""] = (feed.cursor ?? "").split(".");
  const wrong = [
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "-1.2.3",
    "1.2.x",
    `${epoch}.${xid}.${position}'`,
    `${epoch}.18446744073709551616.${position}`,
    `${epoch}.${xid}.9007199254740992`,
    `${"1".repeat(30)}.1.1`,
  ];
  for (const cursor of wrong) {
    await expect(readFeed(feed.session, feed.tenantNo, cursor, 1)).rejects.toMatchObject({
      code: "bad-cursor",
    });
  }
  const largest = `${epoch}.18446744073709551615.9007199254740991`;
  expect((await readFeed(feed.session, feed.tenantNo, largest, 1)).events).toEqual([]);
});
