/** What of time and chance a program can reach without being given it. */
const WATCHED: readonly (readonly [object, string])[] = [
  [Date, "now"],
  [Math, "random"],
  [performance, "now"],
  [crypto, "randomUUID"],
  [crypto, "getRandomValues"],
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
];

export interface WatchedGlobals extends Disposable {
  /** Which of them was used, and from where in `src`. */
  readonly uses: readonly string[];
}

/** Takes down who in `src` uses global time or chance, until it is disposed of. */
export function watchGlobals(): WatchedGlobals {
  const uses: string[] = [];
  const restored = WATCHED.map(([owner, name]) => watch(owner, name, uses));
  return {
    uses,
    [Symbol.dispose]: () => {
      for (const restore of restored) restore();
    },
  };
}

function watch(owner: object, name: string, uses: string[]): () => void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== "function") throw new TypeError(`there is no ${name}`);
  const watched = function (this: unknown, ...values: unknown[]): unknown {
    const place = findPlace(new Error("who asks?").stack ?? "");
    if (place !== null) uses.push(`${name} in ${place}`);
    return Reflect.apply(original, this, values);
  };
  Reflect.set(owner, name, watched);
  return () => void Reflect.set(owner, name, original);
}

/** The first line that stands in `src`, and not in its testing floor. */
function findPlace(stack: string): string | null {
  const lines = stack.split("\n").map((line) => /\/(src\/[^):]+:\d+)/.exec(line)?.[1]);
  const first = lines.find((line) => line !== undefined);
  return first === undefined || first.startsWith("src/testing/") ? null : first;
}
