import { hash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../../../src/core/canonical-json.ts";
import type { LedgerEntry } from "../../../src/core/history/check-witness.ts";
import type { Json } from "../../../src/core/json.ts";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { StoreFault } from "../../../src/store/store.ts";
import { LedgerFile, readLedgerFile } from "../../../src/testing/faults/ledger-file.ts";
import type { Witness } from "../../../src/testing/faults/witness-stores.ts";

const LEDGER = ".ledger";
const TOLD = ".told";
const MET = ".met";

/**
 * All that one process was told, in files beside the store that survive its death: which of its
 * commands stand, which events came of them, word for word, and which faults it met.
 */
export class ClientBook implements Witness, Disposable {
  readonly #name: string;
  readonly #ledger: LedgerFile;
  readonly #told: number;
  readonly #met: number;

  constructor(folder: string, name: string) {
    this.#name = name;
    this.#ledger = new LedgerFile(join(folder, `${name}${LEDGER}`));
    this.#told = openSync(join(folder, `${name}${TOLD}`), "a", 0o600);
    this.#met = openSync(join(folder, `${name}${MET}`), "a", 0o600);
  }

  sent(command: PlanCommand): void {
    this.#ledger.sent(command);
  }

  answered(command: PlanCommand, decision: Decision): void {
    const lines = decision.events.map((event) => `${event.id} ${wordsOf(event)}\n`);
    if (lines.length > 0) writeSync(this.#told, lines.join(""));
    this.#ledger.answered(command, decision);
  }

  /** A fault that was lived through. */
  met(error: unknown): void {
    writeSync(this.#met, `${JSON.stringify(describeFault(this.#name, error))}\n`);
  }

  [Symbol.dispose](): void {
    this.#ledger[Symbol.dispose]();
    closeSync(this.#told);
    closeSync(this.#met);
  }
}

/** A fault that a process lived through. */
export interface MetFault {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Of the process that met it. */
  readonly name: string;
  /** Of a fault of the store; null where it is none, and somebody was wrong. */
  readonly code: string | null;
  readonly retryable: boolean;
  readonly text: string;
}

/** The books of everybody. */
export interface Books {
  readonly entries: readonly LedgerEntry[];
  /** By event; more than one where one was told otherwise than the other. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>>;
  readonly met: readonly MetFault[];
}

export function readBooks(folder: string): Books {
  const told = new Map<string, Set<string>>();
  for (const line of linesOf(folder, TOLD)) {
    const [id = "", words = ""] = line.split(" ");
    const known = told.get(id);
    if (known === undefined) told.set(id, new Set([words]));
    else known.add(words);
  }
  return {
    told,
    entries: filesOf(folder, LEDGER).flatMap((path) => readLedgerFile(path)),
    met: linesOf(folder, MET).map((line): MetFault => JSON.parse(line)),
  };
}

/** What an event says, all of it, in a few letters. */
export function wordsOf(event: PlanEvent): string {
  const json: Json = JSON.parse(JSON.stringify(event));
  return hash("sha256", canonicalJson(json)).slice(0, 20);
}

function describeFault(name: string, error: unknown): MetFault {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const met = { at: Date.now(), name, text };
  if (!StoreFault.is(error)) return { ...met, code: null, retryable: false };
  return { ...met, code: error.code, retryable: error.retryable };
}

/** A line that a kill has cut short is none. */
function linesOf(folder: string, ending: string): readonly string[] {
  return filesOf(folder, ending).flatMap((path) =>
    readFileSync(path, "utf8").split("\n").slice(0, -1),
  );
}

function filesOf(folder: string, ending: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => join(folder, name));
}
