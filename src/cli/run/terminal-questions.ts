import process from "node:process";
import { createInterface, type Interface } from "node:readline/promises";

/** Asks whoever sits at the terminal, one line at a time. */
export interface Questions extends Disposable {
  /** Null where nobody will answer: the input has ended, or the signal says that it is too late. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
}

/** Questions on stderr, answers from stdin; `onInterrupt` hears ^C while one is open. */
export function createQuestions(onInterrupt: () => void): Questions {
  let line: Interface | null = null;
  const open = (): Interface => {
    const made = createInterface({ input: process.stdin, output: process.stderr });
    made.on("SIGINT", onInterrupt);
    made.on("close", () => {
      line = null;
    });
    return made;
  };
  return {
    ask: async (question, signal) => {
      if (signal.aborted) return null;
      line ??= open();
      const ended = Promise.withResolvers<null>();
      line.once("close", () => ended.resolve(null));
      try {
        return await Promise.race([line.question(question, { signal }), ended.promise]);
      } catch (error) {
        if (error instanceof Error && error.name === "AbortError") return null;
        throw error;
      }
    },
    // Else the terminal would keep the process alive.
    [Symbol.dispose]: () => line?.close(),
  };
}
