import type { PlanCommand } from "../core/plan/command.ts";

/**
 * Tells whether two commands that came under one id are the same wish. Left out is what differs
 * when a wish is sent again: the name it is known by, the time, the trace, chance, and what the
 * worker could take on at that moment. Whoever repeats a wish says it in the same order, so its
 * keys need no sorting.
 */
export function commandDigest(command: PlanCommand, digest: (text: string) => string): string {
  const said = {
    ...command,
    id: undefined,
    at: undefined,
    traceparent: undefined,
    chance: undefined,
    offer: undefined,
  };
  return digest(JSON.stringify(said));
}
