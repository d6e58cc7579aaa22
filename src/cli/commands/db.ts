import type { CommandGroup } from "../command.ts";
import { JSON_OUT, QUIET, STORE_TO_WRITE } from "../options.ts";

export const dbCommands: CommandGroup = {
  name: "db",
  summary: "The database of a store.",
  commands: [
    {
      name: "migrate",
      summary: "Brings a store up to this release; makes one where there is none.",
      details:
        "Workers do by themselves, at their start, what older ones can live with. What those cannot\n" +
        "live with is done by this alone: stop them first. On Postgres it connects as the owner of the\n" +
        "tables.",
      example: "planwright db migrate --store postgres://owner@db.example/plans",
      options: [...STORE_TO_WRITE, JSON_OUT, QUIET],
      load: async () => (await import("../db/migrate-store.ts")).migrateStore,
    },
  ],
};
