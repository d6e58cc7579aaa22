import type { Stores } from "../../store/store.ts";

const LOOK_MS = 1000;

/** Calls again and again where others may change a store, too: their commits are not told here. */
export function lookAgain({ exclusive }: Pick<Stores, "exclusive">, look: () => void): Disposable {
  const timer = exclusive ? undefined : setInterval(look, LOOK_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
