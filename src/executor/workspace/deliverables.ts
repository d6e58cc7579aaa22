import { constants } from "node:fs";
import { type FileHandle, open, readdir, readlink, realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { DeliverableDocument } from "../../core/plan/document.ts";
import { pointerOf } from "../../core/graph/fault.ts";
import type { ArtifactRef } from "../../core/step/outcome.ts";
import type { ExecutionContext } from "../../engine/executor.ts";
import { storeNamesAmong } from "../../store/sqlite/file/store-folder.ts";
import { type Tried, hopeless } from "../tried.ts";
import { isWithin } from "./is-within.ts";

/** Keeps the files that a step owes as artifacts; the first that is missing fails the attempt. */
export async function publishDeliverables(
  deliverables: readonly DeliverableDocument[],
  workspaceFolder: string,
  context: Pick<ExecutionContext, "publish">,
): Promise<Tried<readonly ArtifactRef[]>> {
  const folder = await realpath(workspaceFolder);
  const published: ArtifactRef[] = [];
  for (const [index, deliverable] of deliverables.entries()) {
    const opened = await openWithin(folder, deliverable.path);
    if (!opened.ok) {
      const message = `the deliverable ${JSON.stringify(deliverable.name)} ${opened.message}`;
      const pointer = pointerOf(["deliverables", index]);
      return { ok: false, error: hopeless("deliverable-missing", message, pointer) };
    }
    await using file = opened.file;
    const { name, mediaType } = deliverable;
    const content = file.createReadStream({ autoClose: false });
    published.push(
      await context.publish({ name, content, ...(mediaType === undefined ? {} : { mediaType }) }),
    );
  }
  return { ok: true, value: published };
}

type Opened =
  | { readonly ok: true; readonly file: FileHandle }
  | { readonly ok: false; readonly message: string };

/**
 * Opens a file of a folder, and nothing outside it (SEC-19): links are followed first, the real path
 * is judged, and what was opened is judged again, in case somebody has moved it meanwhile. Without
 * waiting: it might be a pipe.
 */
async function openWithin(folder: string, path: string): Promise<Opened> {
  const real = await realpath(resolve(folder, path)).catch(() => null);
  if (real === null) return missing(path, "there is no such file");
  if (!isWithin(folder, real)) return missing(path, "it lies outside the workspace");
  if (await isOfStore(real)) return missing(path, "it belongs to a store");
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch(() => null);
  if (file === null) return missing(path, "it cannot be read");
  const wrong = await findWrong(file, folder);
  if (wrong === null) return { ok: true, file };
  await file.close();
  return missing(path, wrong);
}

async function isOfStore(real: string): Promise<boolean> {
  const names = await readdir(dirname(real)).catch(() => []);
  return storeNamesAmong(names).has(basename(real));
}

async function findWrong(file: FileHandle, folder: string): Promise<string | null> {
  if (!(await file.stat()).isFile()) return "it is not a file";
  const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null);
  return opened === null || isWithin(folder, opened) ? null : "it lies outside the workspace";
}

function missing(path: string, why: string): Opened {
  return { ok: false, message: `is missing at ${JSON.stringify(path)}: ${why}` };
}
