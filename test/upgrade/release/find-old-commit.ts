import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const MIGRATIONS = "src/store/postgres/migrations";

/**
 * The commit of the release that a fleet may be upgraded from while it works: the last one before the
 * last migration that older workers live with, or where there was none such the last one of all. Null
 * where there is no git history to take it from.
 */
export function findOldCommit(): string | null {
  try {
    const [added] = linesOf(git("log", "--format=%H", "--diff-filter=A", "--", MIGRATIONS));
    if (added !== undefined && expands(added) && hasStore(`${added}^`)) return hashOf(`${added}^`);
    return hashOf("HEAD");
  } catch {
    return null;
  }
}

/** What a commit holds of the files of a release, as an archive. */
export function archiveOf(commit: string): Buffer {
  return run("archive", "--format=tar", commit, "src", "package.json");
}

/** Whether older workers live with every migration that a commit brought. */
function expands(commit: string): boolean {
  const show = ["show", "--format=", "--diff-filter=A", "--name-only", commit, "--", MIGRATIONS];
  return linesOf(git(...show)).every(
    (path) => !git("show", `${commit}:${path}`).startsWith("--! breaking"),
  );
}

function hasStore(commit: string): boolean {
  return git("ls-tree", "--name-only", commit, `${MIGRATIONS}/`) !== "";
}

function hashOf(commit: string): string {
  return git("rev-parse", "--verify", commit).trim();
}

function git(...args: readonly string[]): string {
  return run(...args).toString("utf8");
}

function run(...args: readonly string[]): Buffer {
  // Whose the checkout is does not matter to who only reads.
  return execFileSync("git", ["-c", `safe.directory=${ROOT}`, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
