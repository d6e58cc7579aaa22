import { type GitOptions, git, isTooLong } from "./git.ts";

/** A repository and a working folder, named so that nothing in the folder can change which. */
export interface Snapshot {
  readonly gitDir: string;
  readonly folder: string;
  /** The commit that the folder was made from. */
  readonly base: string;
}

/** What stands otherwise in a folder than in its snapshot, as a patch; new files too, ignored ones not. */
export async function differenceOf(snapshot: Snapshot, options: GitOptions): Promise<string> {
  const inSnapshot = [`--git-dir=${snapshot.gitDir}`, `--work-tree=${snapshot.folder}`];
  await git([...inSnapshot, "add", "--all", "--", "."], options);
  const diff = [...inSnapshot, "diff", "--cached", "--no-ext-diff", "--no-textconv", "--no-color"];
  try {
    return await git([...diff, "--binary", snapshot.base], options);
  } catch (error) {
    if (!isTooLong(error)) throw error;
    return `The difference is too long to be kept. What changed:\n${await git([...diff, "--stat", snapshot.base], options)}`;
  }
}
