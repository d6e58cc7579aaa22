import type { Stores, WorkHint } from "../store/store.ts";

/** Whom a hint concerns: what this process has just committed, or what another one said. */
export type Hint = "here" | WorkHint;

/**
 * Carries the hint that there is work. Only a hint: one that is lost costs a sweep, one that comes
 * twice finds nothing.
 */
export interface Dispatcher {
  wake(): void;
  /** Calls back at every hint until disposed. */
  listen(callback: (hint: Hint) => void): Disposable;
}

/** A dispatcher for one process. */
export function createLocalDispatcher(): Dispatcher {
  const listeners = new Set<(hint: Hint) => void>();
  return {
    wake: () => {
      for (const listener of listeners) listener("here");
    },
    listen: (callback) => {
      listeners.add(callback);
      return { [Symbol.dispose]: () => listeners.delete(callback) };
    },
  };
}

/** A dispatcher for one process that also hears what the store's other processes say. */
export function createStoreDispatcher(stores: Pick<Stores, "listen">): Dispatcher {
  const local = createLocalDispatcher();
  return {
    wake: () => local.wake(),
    listen: (callback) => {
      const here = local.listen(callback);
      const elsewhere = stores.listen(callback);
      return {
        [Symbol.dispose]: () => {
          here[Symbol.dispose]();
          elsewhere[Symbol.dispose]();
        },
      };
    },
  };
}
