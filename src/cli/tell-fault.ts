import { StoreFault } from "../store/store.ts";
import { EXIT, EXIT_OF_STORE_FAULT, type ExitCode } from "./exit-code.ts";
import type { Face } from "./screen/face.ts";
import { visibleLines } from "./screen/visible.ts";
import { UsageFault } from "./usage-fault.ts";

/** Tells what went wrong in the world; a mistake of our own is thrown on, to be seen whole. */
export function tellFault(error: unknown, face: Face): ExitCode {
  if (error instanceof UsageFault) {
    face.complain(`planwright: ${visibleLines(error.message)}\n`);
    return EXIT.usage;
  }
  if (StoreFault.is(error)) {
    face.complain(`planwright: ${visibleLines(error.message)}`);
    return EXIT_OF_STORE_FAULT[error.code];
  }
  throw error;
}
