import type { CommandText } from "../command.ts";
import { CONCURRENCY, QUIET, STORE } from "../options.ts";

export const workerCommand: CommandText = {
  name: "worker",
  summary: "Carries out the plans of a store until it is told to stop.",
  details: "SIGINT and SIGTERM let what runs end; a second SIGINT cuts it short.",
  example: "planwright worker --until-idle",
  options: [
    {
      flags: "--until-idle",
      summary: "stop when nothing can move without a person or an outside event",
    },
    {
      flags: "--max-wait <duration>",
      summary: "with --until-idle: backoffs and timers up to so long are waited for",
      environment: "PLANWRIGHT_MAX_WAIT",
      default: "60s",
      kind: "duration",
    },
    {
      flags: "--name <name>",
      summary: "what this worker is called; one of the same name is succeeded at once",
      environment: "PLANWRIGHT_NAME",
    },
    CONCURRENCY,
    STORE,
    QUIET,
  ],
  load: async () => (await import("../run/work.ts")).work,
};
