import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/json.ts";
import type { PlanCommand } from "../core/plan/command.ts";

/**
 * What of a command differs when the same wish is sent again: the name it is known by, the time,
 * the trace, chance, and what the worker could take on at that moment.
 */
const VARIES: ReadonlySet<string> = new Set(["id", "at", "traceparent", "chance", "offer"]);

/** Tells whether two commands that came under one id are the same wish. */
export function commandDigest(command: PlanCommand, digest: (text: string) => string): string {
  const said: Record<string, Json> = Object.create(null);
  for (const [key, value] of Object.entries(command)) {
    if (!VARIES.has(key)) said[key] = value;
  }
  return digest(canonicalJson(said));
}
