import type { CommandText } from "../command.ts";
import { READING } from "../options.ts";

export const doctorCommand: CommandText = {
  name: "doctor",
  summary: "Looks a store over: integrity, settings, every plan's history, what is left behind.",
  details:
    "Reads only, also beside the process that owns the store. Exit code 1 if something is wrong.",
  example: "planwright doctor",
  options: READING,
  load: async () => (await import("../doctor/doctor.ts")).doctor,
};
