import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/json.ts";
import type { PlanCommand } from "../core/plan/command.ts";

/**
 * Tells whether two commands that came under one id are the same wish. Left out is what differs
 * when a wish is sent again: the name it is known by, the time, the trace, chance, and what the
 * worker could take on at that moment.
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
  // An outcome may be large, and only the process that has it in hand repeats it, in the same order.
  if (said.type === "attempt.report") return digest(JSON.stringify(said));
  // Anything else may be said again by a process that knows it from events, where keys are sorted.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- commands are JSON but for offers
  return digest(canonicalJson(said as unknown as Json));
}
