/**
 * Carries the hint that there is work. Only a hint: one that is lost costs a sweep, one that comes
 * twice finds nothing.
 */
export interface Dispatcher {
  wake(): void;
  /** Calls back at every hint until disposed. */
  listen(callback: () => void): Disposable;
}

/** A dispatcher for one process. */
export function createLocalDispatcher(): Dispatcher {
  const listeners = new Set<() => void>();
  return {
    wake: () => {
      for (const listener of listeners) listener();
    },
    listen: (callback) => {
      listeners.add(callback);
      return { [Symbol.dispose]: () => listeners.delete(callback) };
    },
  };
}
