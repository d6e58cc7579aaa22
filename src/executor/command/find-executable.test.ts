import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findExecutable } from "./find-executable.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planwright-test-"));
  await mkdir(join(folder, "bin", "folder"), { recursive: true });
  await writeFile(join(folder, "bin", "tool"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(join(folder, "bin", "text"), "hello\n");
  await chmod(join(folder, "bin", "text"), 0o644);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a program is found on the path, or where its own path points", async () => {
  const tool = { ok: true, path: join(folder, "bin", "tool") };
  expect(await findExecutable("tool", `/nowhere:${folder}/bin`, "/")).toEqual(tool);
  expect(await findExecutable("bin/tool", "/nowhere", folder)).toEqual(tool);
  expect(await findExecutable(join(folder, "bin/tool"), "", "/")).toEqual(tool);
});

test("a program that is not there is told with where it was looked for", async () => {
  expect(await findExecutable("nope", "/bin:/usr/bin", folder)).toEqual({
    ok: false,
    message: 'there is no program "nope" on the PATH (/bin:/usr/bin)',
  });
  expect(await findExecutable("./nope", "/bin", folder)).toEqual({
    ok: false,
    message: `there is no program "./nope" at ${folder}/nope`,
  });
  expect(await findExecutable("folder", `${folder}/bin`, "/")).toMatchObject({ ok: false });
});

test("a file that is not executable is told with what would help", async () => {
  const found = await findExecutable("text", `${folder}/bin`, "/");
  expect(found).toEqual({
    ok: false,
    message: `${folder}/bin/text is not executable: try chmod +x, or name its interpreter`,
  });
});
