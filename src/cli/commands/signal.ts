import type { CommandText } from "../command.ts";
import { ACTING, WATCH } from "../options.ts";

export const signalCommand: CommandText = {
  name: "signal",
  arguments: "<plan> <name> [payload]",
  summary: "Sends a signal to a plan; a step that waits for it goes on.",
  details: "The payload is JSON; what is not JSON is taken as text.",
  example: `planwright signal pln_0199… deployed '{"version":"2.4"}' --watch`,
  options: [{ flags: "--key <key>", summary: "the same key is taken once" }, WATCH, ...ACTING],
  load: async () => (await import("../run/send-signal.ts")).sendSignal,
};
