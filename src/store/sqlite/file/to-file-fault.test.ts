import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { StoreFault } from "../../store.ts";
import { toFileFault } from "./to-file-fault.ts";

function systemError(code: string, path = "/store/owner.json"): Error {
  return Object.assign(new Error(`${code}: refused, open '${path}'`), { code, path });
}

function deniedAt(path: string): string {
  return String(toFileFault(systemError("EACCES", path)));
}

test("a disk without room is a fault that may pass, and says where", () => {
  const fault = toFileFault(systemError("ENOSPC"));
  expect(fault).toMatchObject({ code: "full", retryable: true });
  expect(String(fault)).toContain("/store/owner.json");
});

test("a place that cannot be had is a fault that does not pass by itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "planwright-file-"));
  const real = (): unknown => {
    try {
      return writeFileSync(join(folder, "no", "such", "file"), "");
    } catch (error) {
      return toFileFault(error);
    }
  };
  expect(real()).toMatchObject({ code: "unreachable", retryable: false });
  rmSync(folder, { recursive: true });
});

test("what may not be used is named with its rights, and with what gives them back", () => {
  const folder = mkdtempSync(join(tmpdir(), "planwright-file-"));
  const file = join(folder, "planwright.db");
  writeFileSync(file, "", { mode: 0o400 });
  expect(deniedAt(file)).toContain(
    `${file} may not be used by this user (EACCES): it is this user's own, with mode 0400; \`chmod u+rw\` gives it back`,
  );
  chmodSync(folder, 0o500);
  expect(deniedAt(join(folder, "deep", "planwright.db"))).toContain(
    `${folder} may not be used by this user (EACCES): it is this user's own, with mode 0500; \`chmod u+rwx\` gives it back`,
  );
  chmodSync(folder, 0o700);
  // Something else than its mode refuses it.
  expect(deniedAt(join(folder, "planwright.owner.json"))).toMatch(/by this user \(EACCES\)$/);
  expect(String(toFileFault(Object.assign(new Error("no"), { code: "EPERM" })))).toContain(
    "the store's folder cannot be had (EPERM)",
  );
  rmSync(folder, { recursive: true });
});

test("what belongs to somebody else is said to, by whose rights it can be had", () => {
  const folder = mkdtempSync(join(tmpdir(), "planwright-file-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, 65534, 65534);
  const denied = deniedAt(isRoot ? join(folder, "x") : "/no-such-folder/x");
  expect(denied).toMatch(/it belongs to user \d+, with mode \d{4}, and this is user \d+; run as/);
  rmSync(folder, { recursive: true });
});

test("what is no word of the system stays what it is", () => {
  const bug = new TypeError("a mistake of our own");
  const fault = new StoreFault("owned", "somebody else's");
  expect(toFileFault(bug)).toBe(bug);
  expect(toFileFault(fault)).toBe(fault);
});
