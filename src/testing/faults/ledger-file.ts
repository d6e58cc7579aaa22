import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { LedgerEntry } from "../../core/history/check-witness.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decision } from "../../core/plan/decision.ts";
import { Ledger } from "../simulation/ledger.ts";

/**
 * A client's own book of what it has sent and what it was told to stand, in a file that is only
 * added to: it survives a kill of its process at any moment, not that of the machine.
 */
export class LedgerFile implements Disposable {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a", 0o600);
  }

  /** To be called before the command goes out. */
  sent(command: PlanCommand): void {
    const ledger = new Ledger();
    ledger.sent(command);
    this.#append(ledger);
  }

  /** To be called when the answer has arrived. */
  answered(command: PlanCommand, decision: Decision): void {
    const ledger = new Ledger();
    ledger.answered(command, decision);
    this.#append(ledger);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #append(ledger: Ledger): void {
    const lines = ledger.entries().map((entry) => `${JSON.stringify(entry)}\n`);
    if (lines.length > 0) writeSync(this.#file, lines.join(""));
  }
}

/** What a ledger file says, to be held against the logs with `checkWitness`. A line cut short is none. */
export function readLedgerFile(path: string): readonly LedgerEntry[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LedgerEntry);
}
