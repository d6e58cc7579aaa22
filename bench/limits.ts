import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Figure } from "./figure.ts";
import { median } from "./figure.ts";
import { inWorkFolder } from "./work-folder.ts";
import type { Workload } from "./workload.ts";

const BLOCK = new Uint8Array(4096);
/** About what an event weighs. */
const ROW = "x".repeat(250);

/** What the disk and SQLite give at all. */
export const limits: Workload = {
  name: "limits",
  about: "raw fsync, and raw single-row commits of node:sqlite with synchronous=FULL",
  run: async ({ runs, short }) => {
    const syncs = short ? 50 : 500;
    const commits = short ? 100 : 2000;
    const overwriting: number[] = [];
    const appending: number[] = [];
    const committing: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const sync = await timeSyncs(syncs);
      overwriting.push(sync.overwriting);
      appending.push(sync.appending);
      committing.push(await rawCommitsPerSecond(commits));
    }
    return [
      told("fsync, overwriting a block", "ms", overwriting),
      told("fsync, appending a block", "ms", appending),
      told("raw single-row commits", "commits/s", committing),
    ];
  },
};

/** A figure of ours between two measurements of raw commits: what it is held against is their mean. */
export async function besideRawCommits(
  commits: number,
  measure: () => Promise<number>,
): Promise<{ readonly value: number; readonly raw: number }> {
  const before = await rawCommitsPerSecond(commits);
  const value = await measure();
  const after = await rawCommitsPerSecond(commits);
  return { value, raw: (before + after) / 2 };
}

/** Single-row commits per second of `node:sqlite` on a fresh file, with every one of them synced. */
function rawCommitsPerSecond(commits: number): Promise<number> {
  return inWorkFolder(async (folder) => {
    using database = new DatabaseSync(join(folder, "raw.db"));
    database.exec("pragma journal_mode = wal; pragma synchronous = full");
    database.exec("create table events (position integer primary key, body text not null) strict");
    const insert = database.prepare("insert into events (body) values (?)");
    const began = performance.now();
    for (let count = 0; count < commits; count += 1) insert.run(ROW);
    return (commits / (performance.now() - began)) * 1000;
  });
}

/** Medians in milliseconds. */
function timeSyncs(
  count: number,
): Promise<{ readonly overwriting: number; readonly appending: number }> {
  return inWorkFolder(async (folder) => {
    const file = openSync(join(folder, "raw.bin"), "w");
    try {
      const appending = medianOf(count, () => writeSync(file, BLOCK), file);
      const overwriting = medianOf(count, () => writeSync(file, BLOCK, 0, BLOCK.length, 0), file);
      return { overwriting, appending };
    } finally {
      closeSync(file);
    }
  });
}

function medianOf(count: number, write: () => number, file: number): number {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = performance.now();
    write();
    fdatasyncSync(file);
    times.push(performance.now() - began);
  }
  return median(times);
}

function told(what: string, unit: string, values: readonly number[]): Figure {
  return { workload: "limits", what, unit, values, limit: null, judged: "value", target: null };
}
