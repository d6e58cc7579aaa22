import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkFilesystem } from "./check-filesystem.ts";
import { findStorePaths, makeStoreFolder } from "./store-folder.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "planwright-folder-")));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the folder of a store", () => {
  test("is made for its user alone, and git does not see it", () => {
    const paths = makeStoreFolder(join(folder, "deep", ".planwright", "planwright.db"));
    expect(statSync(paths.folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(paths.folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("that is there already is left as it is", () => {
    makeStoreFolder(join(folder, "planwright.db"));
    expect(existsSync(join(folder, ".gitignore"))).toBe(false);
  });

  test("holds all files of a store, named after its database", () => {
    expect(findStorePaths(join(folder, "work.db"))).toEqual({
      folder,
      database: join(folder, "work.db"),
      lock: join(folder, "work.lock.db"),
      owner: join(folder, "work.owner.json"),
      ballast: join(folder, "work.ballast"),
      artifacts: join(folder, "artifacts"),
    });
  });

  test("S9: a store is always found by its real path", () => {
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"));
    const direct = findStorePaths(join(folder, "real", "planwright.db"));
    expect(findStorePaths(join(folder, "link", "planwright.db"))).toEqual(direct);
    writeFileSync(join(folder, "real", "planwright.db"), "");
    symlinkSync(join(folder, "real", "planwright.db"), join(folder, "other.db"));
    expect(findStorePaths(join(folder, "other.db"))).toEqual(direct);
  });

  test("S9: a database with several names is refused", () => {
    writeFileSync(join(folder, "planwright.db"), "");
    linkSync(join(folder, "planwright.db"), join(folder, "second.db"));
    expect(() => findStorePaths(join(folder, "second.db"))).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("2 names") }),
    );
  });

  test("S10: a folder of another machine is refused, by the name of its filesystem", () => {
    for (const [type, name] of [
      [0x6969, "NFS"],
      [0xff534d42, "CIFS"],
      [0x01021997, "9p"],
      [0x65735546, "FUSE"],
    ] as const) {
      expect(() => checkFilesystem(folder, () => type)).toThrow(
        expect.objectContaining({ code: "unsupported", message: expect.stringContaining(name) }),
      );
    }
    expect(() => checkFilesystem(folder, () => 0xef53)).not.toThrow();
    expect(() => checkFilesystem(folder)).not.toThrow();
  });
});
