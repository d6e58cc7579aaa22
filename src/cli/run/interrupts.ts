import process from "node:process";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";

/** What people and supervisors say to this process while it carries out plans. */
export interface Interrupts extends Disposable {
  /** Said once: start nothing new, and let what runs end. */
  readonly soft: AbortSignal;
  /** Said twice: cut short what runs. */
  readonly hard: AbortSignal;
  /** The exit code that tells which it was. */
  readonly code: ExitCode;
  /** How long what runs may take to end: a supervisor kills soon, a person says it twice. */
  readonly patienceMs: number;
  /** As if ^C had been typed, where a question has the terminal. */
  interrupt(): void;
}

/** Below the ten seconds that supervisors commonly grant. */
export const SHORT_PATIENCE_MS = 9000;
/** After the second word, what runs is given this long to be put on record. */
const LAST_CALL_MS = 3000;

const SOFT_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type SoftSignal = (typeof SOFT_SIGNALS)[number];

/** Listens to SIGINT, SIGTERM and SIGHUP until it is disposed of. */
export function listenForInterrupts(face: Face): Interrupts {
  const soft = new AbortController();
  const hard = new AbortController();
  let first: SoftSignal | null = null;
  const hear = (signal: SoftSignal): void => {
    if (first === null) {
      first = signal;
      const again = signal === "SIGINT" ? " (again: cut it short)" : "";
      face.complain(`\nplanwright: nothing new starts, what runs may end${again}`);
      soft.abort();
    } else if (!hard.signal.aborted) {
      hard.abort();
      setTimeout(() => process.exit(EXIT.interrupted), LAST_CALL_MS).unref();
    } else {
      process.exit(EXIT.interrupted);
    }
  };
  for (const signal of SOFT_SIGNALS) process.on(signal, hear);
  return {
    soft: soft.signal,
    hard: hard.signal,
    get code() {
      return first === null || first === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
    },
    get patienceMs() {
      return first === "SIGINT" ? Number.POSITIVE_INFINITY : SHORT_PATIENCE_MS;
    },
    interrupt: () => hear("SIGINT"),
    [Symbol.dispose]: () => {
      for (const signal of SOFT_SIGNALS) process.off(signal, hear);
    },
  };
}
