import { known } from "../known.ts";

/** Names longer than this are not worth comparing. */
const LENGTH_MAX = 64;

/** The known name that a mistyped one was most likely meant to be; null where none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  if (name.length > LENGTH_MAX) return null;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names.slice(0, 1000)) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two words ("optimal string
 * alignment" after F. Damerau, 1964). Not counted beyond the limit.
 */
function editDistance(left: string, right: string, limit: number): number {
  let older: readonly number[] = [];
  let old: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = at(old, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const swapped = isSwap ? at(older, j - 2) + 1 : replaced;
      row.push(Math.min(replaced, swapped, at(old, j) + 1, at(row, j - 1) + 1));
    }
    if (Math.min(...row) >= limit) return limit;
    [older, old] = [old, row];
  }
  return at(old, right.length);
}

function at(row: readonly number[], index: number): number {
  return known(row[index], "distance");
}
