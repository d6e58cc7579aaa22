import type { WorkerSlot } from "./worker-slot.ts";

/** Ends all of them at once, whatever they are at. */
export function everyone(slots: readonly WorkerSlot[]): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(slots.map((slot) => slot[Symbol.asyncDispose]()));
    },
  };
}

/** Lets those who are just beginning begin, and drains all; says what was wrong with how they ended. */
export async function drainAll(slots: readonly WorkerSlot[]): Promise<readonly string[]> {
  await Promise.all(slots.map((slot) => slot.begun()));
  const ends = await Promise.all(slots.map((slot) => slot.drain()));
  return ends.filter((fault) => fault !== null);
}
