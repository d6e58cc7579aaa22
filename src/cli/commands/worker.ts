import type { CommandText } from "../command.ts";
import { CONCURRENCY, QUIET, STORE_TO_WRITE } from "../options.ts";

export const workerCommand: CommandText = {
  name: "worker",
  summary: "Carries out the plans of a store until it is told to stop.",
  details:
    "A file has one worker. On Postgres any number work side by side, all alike, and take over from\n" +
    "each other. SIGINT and SIGTERM let what runs end; a second SIGINT cuts it short.",
  example: "planwright worker --store postgres://planner@db.example/plans --pools default,gpu",
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
      flags: "--pools <names>",
      summary: "which pools it serves, with commas between them; default if not said",
      environment: "PLANWRIGHT_POOLS",
    },
    {
      flags: "--name <name>",
      summary:
        "what this worker is called; one of the same name is succeeded at once. On Postgres a name of its own, if not said",
      environment: "PLANWRIGHT_NAME",
    },
    CONCURRENCY,
    ...STORE_TO_WRITE,
    QUIET,
  ],
  load: async () => (await import("../run/work.ts")).work,
};
