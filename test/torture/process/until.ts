import { setTimeout as pause } from "node:timers/promises";

const LOOK_AGAIN_MS = 4;

/** Looks again and again until there is something; throws where there is nothing in time. */
export async function until<T>(
  what: string,
  withinMs: number,
  look: () => T | null | Promise<T | null>,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}
