import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StepDocument } from "../../core/plan/document.ts";
import type { Origin } from "../../core/plan/plan.ts";
import { copyFolder } from "./copy-folder.ts";
import { createWorkspaces } from "./workspaces.ts";

let root: string;
let project: string;
let storeFolder: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "planwright-test-")));
  project = join(root, "project");
  storeFolder = join(project, ".planwright");
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "README"), "one\ntwo\n");
  writeFileSync(join(project, "src", "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function attempt(workspace: StepDocument["workspace"], origin: Partial<Origin> = {}, number = 1) {
  const document: StepDocument =
    workspace === undefined ? { do: "command" } : { do: "command", workspace };
  const from: Origin = { kind: "file", trust: "operator", folder: project, ...origin };
  return { planId: "pln_1", stepKey: "build.3", attempt: number, document, origin: from };
}

function git(...args: readonly string[]): string {
  const author = ["-c", "user.name=a", "-c", "user.email=a@b"];
  return execFileSync("git", ["-C", project, ...author, ...args], { encoding: "utf8" });
}

function makeRepository(): void {
  git("init", "--quiet");
  writeFileSync(join(project, ".gitignore"), ".planwright\nbuild\n");
  git("add", "--all");
  git("commit", "--quiet", "-m", "first");
}

function attemptFolders(): readonly string[] {
  const folder = join(storeFolder, "attempts");
  return existsSync(folder)
    ? readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)))
    : [];
}

describe("a shared workspace", () => {
  test("of an operator's own text is the operator's folder, and stays", async () => {
    const workspace = await createWorkspaces({ storeFolder }).open(attempt(undefined));
    expect(workspace.folder).toBe(project);
    expect(await workspace.difference()).toBeNull();
    await workspace[Symbol.asyncDispose]();
    expect(existsSync(join(project, "README"))).toBe(true);
  });

  test("of any other text is a folder of the plan, which its attempts share", async () => {
    const workspaces = createWorkspaces({ storeFolder });
    for (const origin of [{ trust: "other" }, { trust: "other", folder: project }] as const) {
      const workspace = await workspaces.open(attempt("shared", origin));
      expect(workspace.folder).toBe(join(storeFolder, "workspaces", "pln_1"));
      await workspace[Symbol.asyncDispose]();
    }
    expect(readdirSync(join(storeFolder, "workspaces", "pln_1"))).toEqual([]);
  });

  test("that is not there is told", async () => {
    const opening = createWorkspaces({ storeFolder }).open(
      attempt("shared", { folder: join(root, "gone") }),
    );
    await expect(opening).rejects.toThrow(`the plan's folder is not there: ${join(root, "gone")}`);
  });
});

describe("a copy", () => {
  test("holds the folder's files with their modes, and none of what an attempt must not touch", async () => {
    for (const name of [".git", "node_modules"]) mkdirSync(join(project, name));
    mkdirSync(join(project, "src", "node_modules"));
    symlinkSync("README", join(project, "link"));
    const workspace = await createWorkspaces({ storeFolder }).open(attempt("copy"));
    expect(readdirSync(workspace.folder).toSorted()).toEqual(["README", "link", "src"]);
    expect(readdirSync(join(workspace.folder, "src"))).toEqual(["run.sh"]);
    expect(readFileSync(join(workspace.folder, "link"), "utf8")).toBe("one\ntwo\n");
    execFileSync(join(workspace.folder, "src", "run.sh"));
  });

  test("holds nothing of a store that lies in the folder itself", async () => {
    for (const name of ["plans.db", "plans.db-wal", "plans.lock.db"])
      writeFileSync(join(project, name), "");
    const workspace = await createWorkspaces({ storeFolder: project }).open(attempt("copy"));
    expect(readdirSync(workspace.folder).toSorted()).toEqual(["README", "src"]);
  });

  test("holds what lies beside a store in a folder of the project", async () => {
    const data = join(project, "data");
    mkdirSync(data);
    for (const name of ["plans.lock.db", "input.csv"]) writeFileSync(join(data, name), "");
    const workspace = await createWorkspaces({ storeFolder: data }).open(attempt("copy"));
    expect(readdirSync(join(workspace.folder, "data"))).toEqual(["input.csv"]);
  });

  test("tells what changed in it, as a patch that can be applied", async () => {
    const workspace = await createWorkspaces({ storeFolder }).open(attempt("copy"));
    expect(await workspace.difference()).toBe("");
    writeFileSync(join(workspace.folder, "README"), "one\n2\n");
    writeFileSync(join(workspace.folder, "new.bin"), Buffer.from([0, 1, 255]));
    rmSync(join(workspace.folder, "src"), { recursive: true });
    mkdirSync(join(workspace.folder, "node_modules"));
    writeFileSync(join(workspace.folder, "node_modules", "x"), "x");
    const patch = (await workspace.difference()) ?? "";
    expect(patch).toContain("-two\n+2\n");
    expect(patch).not.toContain("node_modules");
    makeRepository();
    execFileSync("git", ["-C", project, "apply"], { input: patch });
    expect(readFileSync(join(project, "README"), "utf8")).toBe("one\n2\n");
    expect([...readFileSync(join(project, "new.bin"))]).toEqual([0, 1, 255]);
    expect(existsSync(join(project, "src"))).toBe(false);
  });

  test("leaves the folder alone, and nothing of itself", async () => {
    const workspaces = createWorkspaces({ storeFolder });
    {
      await using workspace = await workspaces.open(attempt("copy"));
      writeFileSync(join(workspace.folder, "README"), "changed");
      expect(attemptFolders()).toEqual(["pln_1.build.3.1"]);
    }
    expect(readFileSync(join(project, "README"), "utf8")).toBe("one\ntwo\n");
    expect(attemptFolders()).toEqual([]);
  });

  test("reads nothing that stands in it as settings of git", async () => {
    const workspace = await createWorkspaces({ storeFolder }).open(attempt("copy"));
    const proof = join(root, "proof");
    execFileSync("git", ["init", "--quiet"], { cwd: workspace.folder });
    const settings = `[core]\n\tfsmonitor = touch ${proof}\n[diff]\n\texternal = touch ${proof}\n`;
    writeFileSync(join(workspace.folder, ".git", "config"), settings);
    writeFileSync(join(workspace.folder, ".gitattributes"), "* filter=x diff=x\n");
    await workspace.difference();
    expect(existsSync(proof)).toBe(false);
  });

  test("does not grow without end", async () => {
    const target = join(root, "target");
    mkdirSync(target);
    const copy = (limits: { entriesMax: number; bytesMax: number }) =>
      copyFolder(project, target, storeFolder, limits);
    await expect(copy({ entriesMax: 1, bytesMax: 1000 })).rejects.toThrow("more than the 1 files");
    await expect(copy({ entriesMax: 9, bytesMax: 5 })).rejects.toThrow("more than the 5 bytes");
  });
});

describe("a worktree", () => {
  test("is the repository at its commit, and tells what the attempt changed and committed", async () => {
    makeRepository();
    const workspaces = createWorkspaces({ storeFolder });
    {
      await using workspace = await workspaces.open(attempt("worktree"));
      expect(readdirSync(workspace.folder).toSorted()).toEqual([
        ".git",
        ".gitignore",
        "README",
        "src",
      ]);
      writeFileSync(join(workspace.folder, "committed"), "1\n");
      const author = ["-c", "user.name=a", "-c", "user.email=a@b"];
      execFileSync("git", ["add", "."], { cwd: workspace.folder });
      execFileSync("git", [...author, "commit", "-qm", "more"], { cwd: workspace.folder });
      writeFileSync(join(workspace.folder, "README"), "one\n");
      mkdirSync(join(workspace.folder, "build"));
      writeFileSync(join(workspace.folder, "build", "ignored"), "x");
      const patch = await workspace.difference();
      expect(patch).toContain("+++ b/committed");
      expect(patch).toContain("-two\n");
      expect(patch).not.toContain("ignored");
      expect(git("worktree", "list").trim().split("\n")).toHaveLength(2);
    }
    expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
    expect(git("status", "--porcelain")).toBe("");
    expect(attemptFolders()).toEqual([]);
  });

  test("of a folder inside a repository begins in that folder", async () => {
    makeRepository();
    const workspaces = createWorkspaces({ storeFolder });
    await using workspace = await workspaces.open(
      attempt("worktree", { folder: join(project, "src") }),
    );
    expect(readdirSync(workspace.folder)).toEqual(["run.sh"]);
  });

  test("whose own file is gone does not take the repository around it for its own", async () => {
    makeRepository();
    const workspaces = createWorkspaces({ storeFolder });
    await using workspace = await workspaces.open(attempt("worktree"));
    rmSync(join(workspace.folder, ".git"));
    writeFileSync(join(workspace.folder, "README"), "changed\n");
    expect(await workspace.difference()).toContain("+changed");
    expect(git("status", "--porcelain")).toBe("");
  });

  test("needs a repository, and says so", async () => {
    const opening = createWorkspaces({ storeFolder }).open(attempt("worktree"));
    await expect(opening).rejects.toMatchObject({
      error: { code: "workspace-unavailable", retryable: false },
      message: expect.stringContaining("needs a git repository with a commit"),
    });
    expect(attemptFolders()).toEqual([]);
  });

  test("is none of the repository that only the store lies in", async () => {
    makeRepository();
    const opening = createWorkspaces({ storeFolder }).open(attempt("worktree", { trust: "other" }));
    await expect(opening).rejects.toThrow("needs a git repository");
  });
});

describe("what dead workers left", () => {
  test("is removed at the next use, with what the repository remembers of it", async () => {
    makeRepository();
    const host = hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-");
    const dead = join(storeFolder, "attempts", `${host}~${2 ** 22 + 1}~123`);
    const left = join(dead, "pln_0.a.1");
    mkdirSync(left, { recursive: true });
    git("worktree", "add", "--quiet", "--detach", join(left, "work"));
    writeFileSync(join(left, "repository"), join(project, ".git"));
    const foreign = join(storeFolder, "attempts", "another-host~1~1");
    mkdirSync(foreign);
    await using _workspace = await createWorkspaces({ storeFolder }).open(attempt("copy"));
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(foreign)).toBe(true);
    expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  });

  test("is not mistaken for what living ones use", async () => {
    await using first = await createWorkspaces({ storeFolder }).open(attempt("copy"));
    await using second = await createWorkspaces({ storeFolder }).open(attempt("copy", {}, 2));
    expect([existsSync(first.folder), existsSync(second.folder)]).toEqual([true, true]);
  });
});

test("an id that would name another folder is refused", async () => {
  const workspaces = createWorkspaces({ storeFolder });
  for (const planId of ["..", "a/b", "", ".git"]) {
    const lease = { ...attempt("shared", { trust: "other" }), planId };
    await expect(workspaces.open(lease)).rejects.toThrow("no name for a folder");
  }
});
