import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** One line of the ledger: what one execution of a step said. */
export interface LedgerLine {
  /** `outlived` and `overlap`: something that should have been dead by then was not. */
  readonly kind: "start" | "end" | "outlived" | "overlap";
  /** Which of the worker's lives the execution belongs to. */
  readonly life: string;
  readonly planId: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** Itself, or whatever it found alive: life, plan, step, attempt, pid, start. */
  readonly about: string;
}

/**
 * Watches from outside: steps write down in a folder of their own that they begin and end, which
 * no store knows of and no crash takes back.
 */
export class Witness {
  /** The command of a step that lasts so long; it prints these lines. */
  static readonly step = join(import.meta.dirname, "step.sh");
  readonly folder: string;
  readonly #ledger: string;
  readonly #alive: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#ledger = join(folder, "ledger");
    this.#alive = join(folder, "alive");
    mkdirSync(this.#alive, { recursive: true });
    writeFileSync(this.#ledger, "");
  }

  /** How much has been written down; it only grows. */
  get sizeBytes(): number {
    return statSync(this.#ledger).size;
  }

  read(): readonly LedgerLine[] {
    const text = readFileSync(this.#ledger, "utf8");
    return text.split("\n").slice(0, -1).map(parseLine);
  }

  /** Ends what still lives: nothing that a test has begun stays behind. */
  endLiving(): void {
    for (const name of this.findLiving()) process.kill(Number(name.split("~")[4]), "SIGKILL");
  }

  /** Processes of steps that still live, as they wrote themselves down. */
  findLiving(): readonly string[] {
    return readdirSync(this.#alive).filter((name) => {
      const [pid = "", start] = name.split("~").slice(4);
      return findStart(pid) === start;
    });
  }
}

function parseLine(line: string): LedgerLine {
  const [kind = "", me = "", idempotencyKey = "", about = ""] = line.split(" ");
  const [life = "", planId = "", stepKey = "", attempt] = me.split("~");
  if (!isKind(kind)) throw new Error(`the ledger says ${JSON.stringify(line)}`);
  return { kind, life, planId, stepKey, attempt: Number(attempt), idempotencyKey, about };
}

function isKind(text: string): text is LedgerLine["kind"] {
  return ["start", "end", "outlived", "overlap"].includes(text);
}

/** When a process began, in ticks; null where it is dead. On its own: it holds others to account. */
function findStart(pid: string): string | null {
  let entry: string;
  try {
    entry = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  const [state = "Z", ...fields] = entry.slice(entry.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? null : (fields[18] ?? null);
}
