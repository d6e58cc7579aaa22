import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { readMigrations } from "../../../src/store/postgres/migrate.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const MIGRATIONS = "src/store/postgres/migrations";

/**
 * The commit of the release that a fleet is upgraded from: the last one before the last migration that
 * older workers live with, or where there was none such the last one of all. Null where there is no
 * git history, or none of the two makes the tables that this checkout makes.
 */
export function findOldCommit(): string | null {
  const [added] = linesOf(ask("log", "--format=%H", "--diff-filter=A", "--", MIGRATIONS) ?? "");
  const before = added !== undefined && expands(added) ? hashOf(`${added}^`) : null;
  const candidates = [before, hashOf("HEAD")];
  return candidates.find((commit) => commit !== null && makesTheSame(commit)) ?? null;
}

/** What a commit holds of the files of a release, as an archive. */
export function archiveOf(commit: string): Buffer {
  return run("archive", "--format=tar", commit, "src", "package.json");
}

/** Whether older workers live with every migration that a commit brought. */
function expands(commit: string): boolean {
  const show = ["show", "--format=", "--diff-filter=A", "--name-only", commit, "--", MIGRATIONS];
  const paths = linesOf(ask(...show) ?? "");
  return paths.every((path) => !ask("show", `${commit}:${path}`)?.startsWith("--! breaking"));
}

/** What is not released yet may still be rewritten: a database of such a commit is none of ours. */
function makesTheSame(commit: string): boolean {
  const paths = linesOf(ask("ls-tree", "--name-only", commit, `${MIGRATIONS}/`) ?? "");
  const present = new Map(readMigrations().map(({ name, sql }) => [name, tablesIn(sql)]));
  return (
    paths.length > 0 &&
    paths.every((path) => {
      const sql = ask("show", `${commit}:${path}`) ?? "";
      return tablesIn(sql) === present.get(path.slice(MIGRATIONS.length + 1));
    })
  );
}

/** The statements that make tables, and what stands in them. */
function tablesIn(sql: string): string {
  const statements = sql.replaceAll(/--.*/g, "").split(";");
  return statements
    .map((statement) => statement.trim().replaceAll(/\s+/g, " "))
    .filter((statement) => /^(?:create|alter|drop) (?:table|sequence|function)\b/.test(statement))
    .join("\n");
}

function hashOf(commit: string): string | null {
  return ask("rev-parse", "--verify", "--quiet", commit)?.trim() ?? null;
}

/** Null where git has no answer, or is not there. */
function ask(...args: readonly string[]): string | null {
  try {
    return run(...args).toString("utf8");
  } catch {
    return null;
  }
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
