import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";
import { HistoryWriter } from "./history-writer.ts";
import type { PlanEvent } from "../plan/event.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const canonical = (event: PlanEvent): string => JSON.stringify(event);

const log = new HistoryWriter({ steps: { a: {} } }).begin().run("a").complete();

function hashesOf(events: readonly PlanEvent[]): string[] {
  const hashes: string[] = [];
  for (const event of events) hashes.push(digest((hashes.at(-1) ?? "") + canonical(event)));
  return hashes;
}

function violations(hashes: readonly string[], events: readonly PlanEvent[] = log.events) {
  const chain = { hashes, digest, canonical };
  const found = checkHistory(events, { revision: log.revision, chain });
  return found.map(({ invariant, seq }) => `${invariant} ${seq ?? "-"}`);
}

test("a chain that holds is lawful", () => {
  expect(violations(hashesOf(log.events))).toEqual([]);
});

test("I2: an event that was changed afterwards is found, and only that", () => {
  const hashes = hashesOf(log.events);
  const changed = log.events.map((event) =>
    event.seq === 6 ? { ...event, traceparent: "forged" } : event,
  );
  expect(violations(hashes, changed)).toEqual(["I2 6"]);
});

test("I2: a hash that was changed breaks its own link and the next", () => {
  const hashes = hashesOf(log.events).with(2, digest("forged"));
  expect(violations(hashes)).toEqual(["I2 3", "I2 4"]);
});

test("I2: an event without a hash is found", () => {
  expect(violations(hashesOf(log.events).slice(0, -1))).toEqual(["I2 -"]);
});
