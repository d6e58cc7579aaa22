import type { CommandText } from "../command.ts";
import { READING } from "../options.ts";

export const doctorCommand: CommandText = {
  name: "doctor",
  summary: "Looks a store over: integrity, settings, every plan's history, what is left behind.",
  details:
    "Reads only, also beside whoever works on the store. On Postgres also: durability, the schema, who\n" +
    "connects, whether workers hear each other, and what holds the feed back. Exit code 1 if something\n" +
    "is wrong.",
  example: "planwright doctor",
  options: READING,
  load: async () => (await import("../doctor/doctor.ts")).doctor,
};
