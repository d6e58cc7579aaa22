import { execFileSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMigrations } from "../../../src/store/postgres/migrate.ts";
import { archiveOf } from "./find-old-commit.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const MIGRATIONS = "src/store/postgres/migrations";
const TEST = /\.(?:test|test-d|bench|test-helper)\.ts$/;

/** What a later release brings besides what this one has. */
export interface LaterRelease {
  /** The text of one more migration. */
  readonly migration?: string;
  /** Texts that are replaced throughout its sources, by what. */
  readonly replaced?: Readonly<Record<string, string>>;
}

/** The sources of one release in a folder, ready to be started. */
export class Release implements Disposable {
  readonly folder: string;
  /** Where code that was compiled once is kept. */
  readonly compiled: string;
  readonly #isOwn: boolean;

  private constructor(folder: string, isOwn: boolean) {
    this.folder = folder;
    this.#isOwn = isOwn;
    this.compiled = isOwn
      ? join(folder, "compiled")
      : join(ROOT, "node_modules", ".cache", "planwright-tests");
  }

  /** The release of this checkout. */
  static present(): Release {
    return new Release(ROOT, false);
  }

  static ofCommit(commit: string): Release {
    const folder = mkdtempSync(join(tmpdir(), "planwright-release-"));
    execFileSync("tar", ["-x", "-C", folder], { input: archiveOf(commit) });
    return Release.#in(folder);
  }

  /** This checkout with what a later release may bring. */
  static later({ migration, replaced = {} }: LaterRelease): Release {
    const folder = mkdtempSync(join(tmpdir(), "planwright-release-"));
    cpSync(join(ROOT, "src"), join(folder, "src"), {
      recursive: true,
      filter: (path) => !TEST.test(path),
    });
    cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
    if (migration !== undefined) writeFileSync(join(folder, MIGRATIONS, LATER), migration);
    for (const [old, text] of Object.entries(replaced)) replace(folder, old, text);
    return Release.#in(folder);
  }

  static #in(folder: string): Release {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    return new Release(folder, true);
  }

  /** The command line. */
  get main(): string {
    return join(this.folder, "src", "cli", "main.ts");
  }

  [Symbol.dispose](): void {
    if (this.#isOwn) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The name of the migration that a later release brings. */
export const LATER = `${String((readMigrations().at(-1)?.number ?? 0) + 1).padStart(4, "0")}-later.sql`;

function replace(folder: string, old: string, text: string): void {
  let found = false;
  for (const name of globSync("src/**/*.ts", { cwd: folder })) {
    const path = join(folder, name);
    const before = readFileSync(path, "utf8");
    if (!before.includes(old)) continue;
    found = true;
    writeFileSync(path, before.replaceAll(old, text));
  }
  if (!found) throw new Error(`no source of this release says ${old}`);
}
