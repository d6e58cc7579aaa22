import process from "node:process";
import { createFileArtifacts } from "../../store/artifact/file-artifacts.ts";
import { findStorePaths } from "../../store/sqlite/file/store-folder.ts";
import { readSqliteSettings, type SqliteSettings } from "../../store/sqlite/read-settings.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { storePath } from "../store/store-path.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import { checkHistories } from "./check-histories.ts";
import { checkClock, checkRequests, checkWorkers } from "./check-life.ts";
import { well, wrong, type Finding } from "./finding.ts";

/** Looks a store over and says that all is well, or what is not. */
export const doctor: Act = async (given, face) => {
  await using reading = await openReader(given);
  const settings = readSqliteSettings(storePath(given));
  const findings = [...checkSettings(settings), ...(await lookOver(reading, given))];
  const ok = findings.every(({ level }) => level !== "wrong");
  if (given.flag("json")) {
    const { description: store } = reading.stores;
    const owner = reading.findOwner();
    face.data(visibleJson({ ok, store, owner, settings, findings }, 2));
  } else {
    for (const finding of findings) face.data(line(finding, face));
    face.data(ok ? "all is well" : "something is wrong");
  }
  return ok ? EXIT.done : EXIT.notCompleted;
};

async function lookOver(reading: Reading, given: Given): Promise<readonly Finding[]> {
  const { stores, runtime } = reading;
  const { store } = reading.plans;
  const now = runtime.now();
  const owner = reading.findOwner();
  const { artifacts: folder } = findStorePaths(storePath(given));
  const contents = createFileArtifacts({ folder, isOwner: false });
  const around = { now, owned: owner !== null };
  return [
    ...(await checkIntegrity(reading)),
    ...(await checkHistories(store)),
    ...(await checkArtifacts(stores, store.tenantId, contents, around)),
    ...(await checkWorkers(stores, store, owner)),
    ...(await checkRequests(store, now)),
    ...(await checkClock(store, now)),
  ];
}

async function checkIntegrity({ stores }: Reading): Promise<readonly Finding[]> {
  const problems = await stores.check();
  if (problems.length > 0) return problems.map((problem) => wrong("integrity", problem));
  return [well("integrity", "the file, every hash chain and every row agree with the events")];
}

const FULL = 2;

function checkSettings(settings: SqliteSettings): readonly Finding[] {
  const { sqliteVersion, journalMode, synchronous, schemaVersion, filesystem } = settings;
  const shown = `SQLite ${sqliteVersion}, journal ${journalMode}, synchronous ${synchronous}, schema ${schemaVersion}, filesystem ${filesystem}, Node ${process.versions.node}`;
  if (journalMode === "wal" && synchronous === FULL) return [well("settings", shown)];
  return [wrong("settings", `${shown}: it must be wal and ${FULL}`)];
}

const LEVELS = {
  well: { word: "ok   ", format: "green" },
  note: { word: "note ", format: "yellow" },
  wrong: { word: "WRONG", format: "red" },
} as const;

function line({ check, level, message }: Finding, face: Face): string {
  const { word, format } = LEVELS[level];
  return `${face.paint(format, word)}  ${check}: ${visible(message)}`;
}
