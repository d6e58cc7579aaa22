import type { FleetRun } from "./fleet.ts";
import { FAULT_NAMES } from "./fault/fault-kind.ts";

/** What was done and what came of it, to be read. */
export function fleetTable({ parts, figures, workers, faults }: FleetRun): string {
  const header = ["", ...parts.map(({ part }) => part.name), "together"];
  const done = FAULT_NAMES.map((name) => {
    const counts = parts.map(({ proven }) => proven[name]);
    return [name, ...counts.map(String), String(counts.reduce((sum, count) => sum + count, 0))];
  });
  const seconds = parts.map(({ from, until }) => Math.round((until - from) / 1000));
  const total = seconds.reduce((sum, one) => sum + one, 0);
  const times = ["seconds", ...seconds.map(String), String(total)];
  const rows = Object.entries(figures).map(([name, figure]) => [name, String(figure ?? "-")]);
  return [
    ...workers.map((worker, index) => `worker ${index + 1}: ${worker}`),
    "",
    ...columns([header, ...done, times]),
    "",
    ...columns(rows),
    "",
    `faults found: ${faults.length}`,
    ...faults.map((fault) => `  ${fault}`),
  ].join("\n");
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
}
