import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StoreFault } from "../../store.ts";
import { toFileFault } from "./to-file-fault.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused, open '/store/owner.json'`), {
    code,
    path: "/store/owner.json",
  });
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

test("what is no word of the system stays what it is", () => {
  const bug = new TypeError("a mistake of our own");
  const fault = new StoreFault("owned", "somebody else's");
  expect(toFileFault(bug)).toBe(bug);
  expect(toFileFault(fault)).toBe(fault);
});
