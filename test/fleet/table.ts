import { FAULT_NAMES } from "./fault/fault-kind.ts";
import type { FleetRun } from "./fleet.ts";
import type { Verdict } from "./judge.ts";

/** What was done to a fleet and what came of it, to be read. */
export function fleetTable(run: FleetRun): string {
  const { parts, workers, proofs } = run;
  const header = ["", ...parts.map(({ part }) => part.name), "together", "  proof"];
  const done = FAULT_NAMES.map((name) => {
    const counts = parts.map(({ proven }) => proven[name]);
    return [name, ...counts.map(String), String(sum(counts)), `  ${proofs[name]}`];
  });
  const seconds = parts.map(({ from, until }) => Math.round((until - from) / 1000));
  const times = ["seconds", ...seconds.map(String), String(sum(seconds)), ""];
  return [
    ...workers.map((worker, index) => `worker ${index + 1}: ${worker}`),
    "",
    ...columns([header, ...done, times]),
    "",
    ...verdict(run),
  ].join("\n");
}

/** What came of something else, under its name. */
export function verdictTable(name: string, run: Verdict): string {
  return ["", name, ...verdict(run)].join("\n");
}

function verdict({ figures, faults }: Verdict): readonly string[] {
  const rows = Object.entries(figures).map(([name, figure]) => [name, String(figure ?? "-")]);
  return [
    ...columns(rows),
    "",
    `faults found: ${faults.length}`,
    ...faults.map((fault) => `  ${fault}`),
  ];
}

/** The first column begins on the left, a last one that begins with spaces too. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || cell.startsWith("  ") ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
