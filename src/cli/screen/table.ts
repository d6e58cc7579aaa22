import { stripVTControlCharacters } from "node:util";

/** Rows as columns that stand under each other; nothing follows the last one. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    }
  }
  return rows.map((row) => line(row, widths)).join("\n");
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)))
    .join("  ")
    .trimEnd();
}

/** Colours take no room. */
function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** A plain text as one line of at most so many characters. */
export function clip(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width
    ? text
    : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
