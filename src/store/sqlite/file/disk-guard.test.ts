import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreFault } from "../../store.ts";
import { Ballast } from "./ballast.ts";
import { DiskGuard } from "./disk-guard.ts";

const MB = 1024 * 1024;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-disk-"));
  path = join(folder, "planwright.ballast");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("a full disk", () => {
  test("S12: the ballast takes real room, gives it back, and takes it again", () => {
    const ballast = new Ballast(path, 3 * MB + 5);
    ballast.fill();
    const { size, blocks } = statSync(path);
    expect(size).toBe(3 * MB + 5);
    expect(blocks * 512).toBeGreaterThanOrEqual(3 * MB);
    ballast.fill();
    ballast.drop();
    ballast.drop();
    expect(existsSync(path)).toBe(false);
  });

  test("S12: where there is no room for the ballast, there is none", () => {
    new Ballast(join(folder, "no", "such", "folder"), MB).fill();
    new Ballast(path, 0).fill();
    expect(existsSync(path)).toBe(false);
  });

  test("S12: stops new work, gives the ballast away, and resumes by itself", () => {
    let free = 100 * MB;
    const ballast = new Ballast(path, MB);
    const guard = new DiskGuard({ ballast, roomBytes: 10 * MB, freeBytes: () => free });
    ballast.fill();
    guard.assertRoom();
    guard.failed(new Error("something else"));
    expect(guard.isFull).toBe(false);

    free = 0;
    guard.failed(new StoreFault("full", "the disk is full", { retryable: true }));
    expect(existsSync(path)).toBe(false);
    expect(() => guard.assertRoom()).toThrow(
      expect.objectContaining({ code: "full", retryable: true }),
    );

    free = 20 * MB;
    guard.assertRoom();
    expect(guard.isFull).toBe(false);
    expect(existsSync(path)).toBe(true);
  });
});
