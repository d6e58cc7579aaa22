/** Part of the name that chance is drawn by. */
export type ChanceName = readonly (string | number)[];

/**
 * A number from 0 to 1 that follows from a seed and a name, and from nothing else: what is drawn
 * elsewhere, or drawn in another order, changes nothing here.
 */
export function chance(seed: number, ...name: ChanceName): number {
  // FNV-1a over the name, then an avalanche, so that names that differ in one digit lie far apart.
  let hash = 0x811c9dc5 ^ seed;
  for (const part of name) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  return avalanche(avalanche(hash) ^ seed) / 0x1_0000_0000;
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Draws by name, below one name that all its draws share. */
export class Chance {
  readonly #seed: number;
  readonly #above: ChanceName;

  constructor(seed: number, ...above: ChanceName) {
    this.#seed = seed;
    this.#above = above;
  }

  /** The same seed, one name further down. */
  of(...name: ChanceName): Chance {
    return new Chance(this.#seed, ...this.#above, ...name);
  }

  /** 0 to 1. */
  draw(...name: ChanceName): number {
    return chance(this.#seed, ...this.#above, ...name);
  }

  happens(rate: number, ...name: ChanceName): boolean {
    return this.draw(...name) < rate;
  }

  /** A whole number; both ends may come. */
  between(least: number, most: number, ...name: ChanceName): number {
    return least + Math.floor(this.draw(...name) * (most - least + 1));
  }

  pick<const T>(list: readonly T[], ...name: ChanceName): T {
    const picked = list[Math.floor(this.draw(...name) * list.length)];
    if (picked === undefined) throw new RangeError(`nothing to pick from: ${name.join(" ")}`);
    return picked;
  }

  /** One of some, each as likely as its weight. */
  pickWeighted<T extends string>(weights: Readonly<Record<T, number>>, ...name: ChanceName): T {
    const entries = Object.entries<number>(weights);
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.draw(...name) * total;
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key as T;
    }
    throw new RangeError(`no weight is above 0: ${name.join(" ")}`);
  }

  /** How long until something happens that happens about once in so many milliseconds. */
  wait(meanMs: number, ...name: ChanceName): number {
    return Math.ceil(-Math.log(1 - this.draw(...name)) * meanMs) + 1;
  }
}
