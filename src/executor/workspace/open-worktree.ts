import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { differenceOf } from "./difference.ts";
import { type GitOptions, git, gitOrFault } from "./git.ts";
import type { OwnFolder } from "./open-copy.ts";

/** Names, beside a worktree, the repository that it is of. */
export const REPOSITORY_FILE = "repository";

/**
 * A worktree of the repository that a folder lies in, at its current commit and on no branch. What
 * is not committed is not in it.
 */
export async function openWorktree(
  source: string,
  home: string,
  storeFolder: string,
): Promise<OwnFolder> {
  const options: GitOptions = { cwd: source, ownSettings: true, ceiling: storeFolder };
  const what = `\`workspace: worktree\` needs a git repository with a commit at ${source}`;
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await gitOrFault(["rev-parse", ...args], options, what)).trimEnd();
  const base = await ask("--verify", "HEAD^{commit}");
  const prefix = await ask("--show-prefix");
  const repository = await ask("--path-format=absolute", "--git-common-dir");
  await writeFile(join(home, REPOSITORY_FILE), repository);
  const root = join(home, "work");
  await gitOrFault(["worktree", "add", "--quiet", "--detach", root, base], options, what);
  // Asked now: what stands in the worktree later is the step's word.
  const gitDir = (
    await git(["rev-parse", "--absolute-git-dir"], { ...options, cwd: root })
  ).trimEnd();
  const folder = join(root, prefix);
  // A folder that holds nothing committed is not in the commit.
  await mkdir(folder, { recursive: true });
  return {
    folder,
    difference: () => differenceOf({ gitDir, folder: root, base }, { ...options, cwd: home }),
  };
}

/** Lets a repository forget the worktrees whose folders are gone. */
export async function forgetWorktrees(repository: string): Promise<void> {
  await git([`--git-dir=${repository}`, "worktree", "prune"], { cwd: "/", ownSettings: true });
}
