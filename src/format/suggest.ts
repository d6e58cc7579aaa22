/** How many names are compared at most; a fault among very many steps stays cheap. */
const COMPARED_MAX = 5000;
const LENGTH_MAX = 64;

/** The end of a sentence that names what was probably meant, or nothing. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = findNearest(given, known);
  return name === null ? "" : `; did you mean "${name}"?`;
}

/** The known name that differs from the given one by a slip of the hand; null where none does. */
export function findNearest(given: string, known: Iterable<string>): string | null {
  if (given.length > LENGTH_MAX) return null;
  let best: string | null = null;
  let bestDistance = slipsAllowed(given) + 1;
  let compared = 0;
  for (const name of known) {
    compared += 1;
    if (compared > COMPARED_MAX) break;
    if (Math.abs(name.length - given.length) >= bestDistance) continue;
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

function slipsAllowed(name: string): number {
  if (name.length <= 2) return 0;
  return name.length <= 5 ? 1 : 2;
}

/** Inserted, lost, changed and swapped neighbouring letters between two names. */
function editDistance(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
