import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LEFT_OUT, copyFolder } from "./copy-folder.ts";
import { type Snapshot, differenceOf } from "./difference.ts";
import { git, gitOrFault } from "./git.ts";

/** A folder of an attempt's own, and what the attempt changed in it. */
export interface OwnFolder {
  readonly folder: string;
  difference(): Promise<string>;
}

/**
 * A copy of a folder below `home`. What it looked like is kept in a repository beside it, which the
 * attempt does not see; `.gitignore` files of the folder say what is no part of the difference.
 */
export async function openCopy(source: string, home: string, skip: string): Promise<OwnFolder> {
  const snapshot: Snapshot = {
    gitDir: join(home, "base.git"),
    folder: join(home, "work"),
    base: "HEAD",
  };
  await mkdir(snapshot.folder);
  await copyFolder(source, snapshot.folder, skip);
  await takeSnapshot(snapshot, home);
  return {
    folder: snapshot.folder,
    difference: () => differenceOf(snapshot, { cwd: home, ceiling: home }),
  };
}

async function takeSnapshot({ gitDir, folder }: Snapshot, home: string): Promise<void> {
  const options = { cwd: home, ceiling: home };
  const init = ["init", "--quiet", "--bare", "--initial-branch=base", gitDir];
  await gitOrFault(init, options, "`workspace: copy` needs git to tell what changed");
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeFile(join(gitDir, "info", "exclude"), [...LEFT_OUT, ""].join("\n"));
  const inSnapshot = [`--git-dir=${gitDir}`, `--work-tree=${folder}`];
  await git([...inSnapshot, "add", "--all", "--", "."], options);
  await git(
    [...inSnapshot, ...AUTHOR, "commit", "--quiet", "--allow-empty", "-m", "base"],
    options,
  );
}

const AUTHOR = ["-c", "user.name=planwright", "-c", "user.email=planwright@localhost"];
