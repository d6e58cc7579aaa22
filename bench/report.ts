import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { judge, type Figure, type Target } from "./figure.ts";
import type { BenchOptions } from "./workload.ts";

const HEADS = ["figure", "median", "beside it", "comes to", "target", ""] as const;

/** Prints the figures as a table. */
export function printTable(figures: readonly Figure[]): void {
  const rows = [HEADS, ...figures.map((figure) => rowOf(figure))];
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

/** Whether a figure misses its target. */
export function isMissed(figure: Figure): boolean {
  return judge(figure).holds === false;
}

/** Keeps everything that was measured, run by run, with where it was. */
export function keepResults(
  figures: readonly Figure[],
  options: BenchOptions & { readonly store: string },
): string {
  const folder = join(import.meta.dirname, "results");
  const path = join(folder, `latest-${options.store}.json`);
  const results = {
    at: new Date().toISOString(),
    ...options,
    machine: describeMachine(),
    figures: figures.map((figure) => ({ ...figure, verdict: judge(figure) })),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

/** In one line, for whoever reads the figures elsewhere. */
export function describeMachine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const { node, sqlite = "?" } = process.versions;
  return [
    `${cpus().length} × ${processor?.model ?? "unknown processor"}`,
    `${memory} GB`,
    `${platform()} ${release()} ${arch()}`,
    `Node ${node}`,
    `SQLite ${sqlite}`,
  ].join(", ");
}

function rowOf(figure: Figure): readonly string[] {
  const { value, limit, judged, holds } = judge(figure);
  const beside = figure.limit === null ? "" : `${shown(limit ?? 0)} (${figure.limit.what})`;
  return [
    `${figure.workload}: ${figure.what}`,
    `${shown(value)} ${figure.unit}`,
    beside,
    figure.judged === "value" ? "" : judgedText(figure, judged),
    figure.target === null ? "" : targetText(figure.target),
    holds === null ? "" : holds ? "ok" : "MISSED",
  ];
}

function judgedText(figure: Figure, judged: number): string {
  return figure.judged === "ratio" ? `× ${judged.toFixed(3)}` : `+ ${shown(judged)} ${figure.unit}`;
}

function targetText({ bound, number }: Target): string {
  return `${bound} ${number}`;
}

function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
