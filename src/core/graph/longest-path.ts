import { known } from "../known.ts";

/** How long a piece of a path is: by its first measure, and by the second where that is equal. */
export interface Length {
  readonly major: number;
  readonly minor: number;
}

/** A way through the graph along which each step needs the one before it. */
export interface Path {
  readonly keys: readonly string[];
  readonly length: Length;
}

/**
 * The longest path by what each step adds to it. `before` names what each step comes after; its
 * keys are in an order in which everything comes after what it needs.
 */
export function longestPath(
  before: ReadonlyMap<string, readonly string[]>,
  lengthOf: (key: string) => Length,
): Path {
  const lengths = new Map<string, Length>();
  const previous = new Map<string, string>();
  let last: string | undefined;
  let longest = NOTHING;
  for (const [key, needs] of before) {
    let best = NOTHING;
    for (const need of needs) {
      const length = known(lengths.get(need), need);
      if (!isLonger(length, best)) continue;
      best = length;
      previous.set(key, need);
    }
    const own = lengthOf(key);
    const length = { major: best.major + own.major, minor: best.minor + own.minor };
    lengths.set(key, length);
    if (isLonger(length, longest)) [last, longest] = [key, length];
  }
  return { keys: wayTo(last, previous), length: longest };
}

const NOTHING: Length = { major: 0, minor: 0 };

function isLonger(left: Length, right: Length): boolean {
  return left.major === right.major ? left.minor > right.minor : left.major > right.major;
}

function wayTo(last: string | undefined, previous: ReadonlyMap<string, string>): string[] {
  const keys: string[] = [];
  for (let key = last; key !== undefined; key = previous.get(key)) keys.push(key);
  return keys.toReversed();
}
