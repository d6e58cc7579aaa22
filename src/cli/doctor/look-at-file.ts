import process from "node:process";
import { readSqliteSettings, type SqliteSettings } from "../../store/sqlite/read-settings.ts";
import { well, wrong, type Finding } from "./finding.ts";

/** What a store stands on, before anybody looks inside it. */
export interface Foundation {
  readonly settings: object;
  readonly findings: readonly Finding[];
  /** Whether there is any use in looking inside. */
  readonly isReadable: boolean;
}

/** How the database file of a store is set. */
export function lookAtFile(path: string): Foundation {
  const settings = readSqliteSettings(path);
  return { settings, findings: [checkSettings(settings)], isReadable: true };
}

const FULL = 2;

function checkSettings(settings: SqliteSettings): Finding {
  const { sqliteVersion, journalMode, synchronous, schemaVersion, filesystem } = settings;
  const shown = `SQLite ${sqliteVersion}, journal ${journalMode}, synchronous ${synchronous}, schema ${schemaVersion}, filesystem ${filesystem}, Node ${process.versions.node}`;
  if (journalMode === "wal" && synchronous === FULL) return well("settings", shown);
  return wrong("settings", `${shown}: it must be wal and ${FULL}`);
}
