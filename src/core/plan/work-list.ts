/** Keys to be looked at, each once while it stands in line, first come first served. */
export class WorkList {
  readonly #keys: string[] = [];
  readonly #waiting = new Set<string>();
  #head = 0;

  push(key: string): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#keys.push(key);
  }

  shift(): string | undefined {
    const key = this.#keys[this.#head];
    if (key === undefined) return undefined;
    this.#head += 1;
    this.#waiting.delete(key);
    return key;
  }
}
