import type { Refusal } from "../core/refusal.ts";
import { EXIT_OF_REFUSAL, type ExitCode } from "./exit-code.ts";
import type { Face } from "./screen/face.ts";
import { visible } from "./screen/visible.ts";

/** Tells a lawful no, with its faults, and gives the exit code that stands for it. */
export function tellRefusal(refusal: Refusal, face: Face): ExitCode {
  face.complain(`planwright: ${visible(refusal.message)}`);
  if (refusal.code === "invalid-input" || refusal.code === "invalid-plan") {
    for (const { pointer, message } of refusal.faults) {
      face.complain(`  ${visible(pointer || "/")}: ${visible(message)}`);
    }
  }
  return EXIT_OF_REFUSAL[refusal.code];
}

/** The same for what is not there. */
export function tellMissing(what: string, face: Face): ExitCode {
  return tellRefusal({ code: "not-found", message: `there is no ${what}` }, face);
}
