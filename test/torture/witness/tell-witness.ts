import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerLine } from "./witness.ts";

/** One try of a step that is carried out within its worker, by a tool. */
export type Execution = Omit<LedgerLine, "kind" | "about">;

/** What is told instead of a process. */
export const BY_TOOL = "tool";

/** Writes into the ledger what `step.sh` writes there of itself, in one write like it. */
export function tellWitness(folder: string, kind: "start" | "end", execution: Execution): void {
  const { life, planId, stepKey, attempt, idempotencyKey } = execution;
  const me = `${life}~${planId}~${stepKey}~${attempt}`;
  appendFileSync(join(folder, "ledger"), `${kind} ${me} ${idempotencyKey} ${BY_TOOL}\n`);
}
