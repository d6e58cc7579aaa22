import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { readSqliteSettings } from "../../store/sqlite/read-settings.ts";
import { isStoreThere } from "../../store/sqlite/file/store-folder.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { visibleJson } from "../screen/visible.ts";
import { openStores } from "../store/open-stores.ts";
import { placeName, storePlace } from "../store/store-place.ts";

/** Does all that a store lacks of this release, also what older processes cannot live with. */
export const migrateStore: Act = async (given, face) => {
  const place = storePlace(given);
  const done =
    place.kind === "postgres"
      ? await migrateServer(given, place.url)
      : await migrateFile(given, place.path);
  if (given.flag("json")) {
    face.data(visibleJson({ store: placeName(place), done }, 2));
    return EXIT.done;
  }
  for (const name of done) face.data(`done: ${name}`);
  face.note(done.length === 0 ? "it is up to date" : "it is up to date now");
  return EXIT.done;
};

async function migrateServer(given: Given, url: string): Promise<readonly string[]> {
  const { migrateDatabase } = await import("../../store/postgres/prepare-database.ts");
  const acceptDataLoss = given.flag("acceptDataLoss");
  return migrateDatabase(url, given.command, { breaking: true, acceptDataLoss });
}

/** Its owner brings a file up to date by opening it. */
async function migrateFile(given: Given, path: string): Promise<readonly string[]> {
  const before = isStoreThere(path) ? readSqliteSettings(path).schemaVersion : 0;
  await using _stores = await openStores(given, { runtime: createSystemRuntime() });
  const { readMigrations } = await import("../../store/sqlite/migrate.ts");
  return readMigrations()
    .filter(({ number }) => number > before)
    .map(({ name }) => name);
}
