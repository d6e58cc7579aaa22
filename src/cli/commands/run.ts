import type { CommandText } from "../command.ts";
import { ACTING, CONCURRENCY, INPUT, JSON_LINES, WAIT } from "../options.ts";

export const runCommand: CommandText = {
  name: "run",
  arguments: "<file>",
  summary: "Makes a plan of a file and carries it out.",
  details:
    "Checks the file, stores the plan, asks for its approval and shows how it goes until it rests.\n" +
    "On a terminal approvals and questions are asked in place; without one the command ends with\n" +
    "exit code 5 and says what answers them, once it has ended: a store that is a file has one owner.\n" +
    "SIGINT lets what runs end and stops; twice quits.",
  example: "planwright run release.plan.yaml --approve --input version=2.4",
  options: [
    INPUT,
    { flags: "--approve", summary: "approve the plan in the name of who acts" },
    { flags: "--dry-run", summary: "check and forecast; nothing is stored" },
    WAIT,
    CONCURRENCY,
    ...ACTING,
    JSON_LINES,
  ],
  load: async () => (await import("../run/run-file.ts")).runFile,
};
