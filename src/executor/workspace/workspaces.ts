import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Lease } from "../../core/step/lease.ts";
import type { Workspace } from "../../engine/executor.ts";
import { AttemptFault } from "../attempt-fault.ts";
import { hopeless } from "../tried.ts";
import { type AttemptFolders, createAttemptFolders } from "./attempt-folders.ts";
import { openCopy } from "./open-copy.ts";
import { openWorktree } from "./open-worktree.ts";

type Attempt = Pick<Lease, "planId" | "stepKey" | "attempt" | "document" | "origin">;

/** Gives attempts their folders. */
export interface Workspaces {
  open(lease: Attempt): Promise<Workspace>;
}

export interface WorkspaceOptions {
  /** Where the store keeps its files; the folders of plans and attempts lie below it. */
  readonly storeFolder: string;
}

const ATTEMPTS = "attempts";

/**
 * `shared` is the operator's own working folder for an operator's own text, else a folder of the
 * plan that begins empty and stays with it. `copy` and `worktree` are made from the shared one for
 * each attempt, and removed after it.
 */
export function createWorkspaces({ storeFolder }: WorkspaceOptions): Workspaces {
  const folders = createAttemptFolders(join(storeFolder, ATTEMPTS));
  return {
    open: async (lease) => {
      const shared = await openShared(lease, storeFolder);
      const kind = lease.document.workspace ?? "shared";
      return kind === "shared" ? keep(shared) : openOwn(lease, kind, shared, storeFolder, folders);
    },
  };
}

async function openShared({ origin, planId }: Attempt, storeFolder: string): Promise<string> {
  if (origin.trust === "operator" && origin.folder !== undefined) {
    const message = `the plan's folder is not there: ${origin.folder}`;
    return realpath(origin.folder).catch((error: unknown) => {
      throw new AttemptFault(hopeless("workspace-unavailable", message), { cause: error });
    });
  }
  const folder = join(storeFolder, "workspaces", asFileName(planId));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return realpath(folder);
}

function keep(folder: string): Workspace {
  return {
    folder,
    difference: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openOwn(
  lease: Attempt,
  kind: "copy" | "worktree",
  shared: string,
  storeFolder: string,
  folders: AttemptFolders,
): Promise<Workspace> {
  const name = `${asFileName(lease.planId)}.${asFileName(lease.stepKey)}.${lease.attempt}`;
  await mkdir(storeFolder, { recursive: true });
  const store = await realpath(storeFolder);
  const home = await folders.make(name);
  try {
    const own = await (kind === "copy"
      ? openCopy(shared, home, join(store, ATTEMPTS))
      : openWorktree(shared, home, store));
    return { ...own, [Symbol.asyncDispose]: () => folders.remove(name) };
  } catch (error) {
    await folders.remove(name);
    throw error;
  }
}

/** Ids and keys are made by Planwright; that they name no other folder is checked all the same. */
function asFileName(id: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}$/.test(id)) return id;
  throw new RangeError(`no name for a folder: ${JSON.stringify(id)}`);
}
