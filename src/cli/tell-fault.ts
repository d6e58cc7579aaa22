import { StoreFault } from "../store/store.ts";
import { EXIT, EXIT_OF_STORE_FAULT, type ExitCode } from "./exit-code.ts";
import type { Given } from "./given.ts";
import type { Face } from "./screen/face.ts";
import { visibleLines } from "./screen/visible.ts";
import { placeName, storePlace } from "./store/store-place.ts";
import { UsageFault } from "./usage-fault.ts";

/** Tells what went wrong in the world; a mistake of our own is thrown on, to be seen whole. */
export function tellFault(error: unknown, given: Given, face: Face): ExitCode {
  if (error instanceof UsageFault) {
    face.complain(`planwright: ${visibleLines(error.message)}\n`);
    return EXIT.usage;
  }
  if (StoreFault.is(error)) {
    face.complain(`planwright: ${visibleLines(withStore(error.message, given))}`);
    return EXIT_OF_STORE_FAULT[error.code];
  }
  throw error;
}

/** Neither SQLite nor Postgres says which store it means. */
function withStore(message: string, given: Given): string {
  const name = placeName(storePlace(given));
  return message.includes(name) ? message : `${name}: ${message}`;
}
