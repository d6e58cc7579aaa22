import { known } from "./known.ts";

/**
 * Items of which the first can be told at once. Adding and deleting cost the logarithm of how many
 * there are. An item stands in it once.
 */
export class Heap<T> {
  readonly #comesBefore: (left: T, right: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  constructor(comesBefore: (left: T, right: T) => boolean) {
    this.#comesBefore = comesBefore;
  }

  get first(): T | null {
    return this.#items[0] ?? null;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  delete(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    this.#places.delete(item);
    const last = known(this.#items.pop(), "the last of a heap");
    if (last !== item) this.#sink(last, this.#rise(last, place));
    return true;
  }

  /** The first that is wanted; costs what comes before it, and changes nothing. */
  find(isWanted: (item: T) => boolean): T | null {
    const { first } = this;
    if (first === null || isWanted(first)) return first;
    const next = new Heap<number>((left, right) =>
      this.#comesBefore(this.#itemAt(left), this.#itemAt(right)),
    );
    for (let place: number | null = 0; place !== null; place = next.first) {
      next.delete(place);
      const item = this.#itemAt(place);
      if (isWanted(item)) return item;
      for (const child of this.#childrenOf(place)) next.add(child);
    }
    return null;
  }

  /** Puts an item where it belongs between a place and the top, and says where that is. */
  #rise(item: T, from: number): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#itemAt(above);
      if (!this.#comesBefore(item, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
    return place;
  }

  #sink(item: T, from: number): void {
    let place = from;
    for (;;) {
      const [left, right] = this.#childrenOf(place);
      if (left === undefined) break;
      const isRight =
        right !== undefined && this.#comesBefore(this.#itemAt(right), this.#itemAt(left));
      const child = isRight ? right : left;
      if (!this.#comesBefore(this.#itemAt(child), item)) break;
      this.#put(this.#itemAt(child), place);
      place = child;
    }
    this.#put(item, place);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }

  #childrenOf(place: number): readonly number[] {
    return [2 * place + 1, 2 * place + 2].filter((child) => child < this.#items.length);
  }

  #itemAt(place: number): T {
    return known(this.#items[place], "a place in a heap");
  }
}
