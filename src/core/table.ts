/** A map with one holder, written in place. */
export interface Table<V> {
  get(key: string): V | undefined;
  has(key: string): boolean;
  set(key: string, value: V): unknown;
  delete(key: string): unknown;
  readonly size: number;
  entries(): IterableIterator<[string, V]>;
}

/** An empty table. */
export function createTable<V>(entries?: Iterable<readonly [string, V]>): Table<V> {
  return new Map(entries);
}

/**
 * A table laid over another one: what is written stays in the upper one, so the lower one is as it
 * was when the draft is thrown away. Costs what is written, not what is there.
 */
export function overlay<V>(base: Table<V>): Table<V> {
  return new OverlayTable(base);
}

class OverlayTable<V> implements Table<V> {
  readonly #base: Table<V>;
  #written: Map<string, V | undefined> | null = null;
  #size: number;

  constructor(base: Table<V>) {
    this.#base = base;
    this.#size = base.size;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    const written = this.#written;
    return written !== null && written.has(key) ? written.get(key) : this.#base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    if (!this.has(key)) this.#size += 1;
    (this.#written ??= new Map()).set(key, value);
  }

  delete(key: string): void {
    if (!this.has(key)) return;
    this.#size -= 1;
    (this.#written ??= new Map()).set(key, undefined);
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [key, value] of this.#base.entries()) {
      if (this.#written?.has(key) !== true) yield [key, value];
    }
    for (const [key, value] of this.#written?.entries() ?? []) {
      if (value !== undefined) yield [key, value];
    }
  }
}
