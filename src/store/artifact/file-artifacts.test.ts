import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ArtifactStore } from "../store.ts";
import { createFileArtifacts } from "./file-artifacts.ts";

const HASH = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

let folder: string;
let contents: ArtifactStore;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "planwright-artifacts-")), "artifacts");
  contents = createFileArtifacts({ folder, bytesMax: 1000 });
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("artifacts as files", () => {
  test("are named by their hash, for their user alone, where a person finds them", async () => {
    const { sha256 } = await contents.put(bytes("hello"));
    expect(sha256).toBe(HASH);
    const path = contents.locate(sha256);
    expect(path).toBe(join(folder, "2c", HASH));
    expect(readFileSync(path ?? "", "utf8")).toBe("hello");
    expect(statSync(path ?? "").mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("leave no unfinished file behind, whether they came whole or not", async () => {
    await contents.put(bytes("hello"));
    await expect(contents.put(bytes("x".repeat(1001)))).rejects.toMatchObject({
      name: "StoreFault",
      code: "too-large",
    });
    expect(readdirSync(join(folder, "unfinished"))).toEqual([]);
  });

  test("that a process left unfinished are gone when the next one begins", () => {
    mkdirSync(join(folder, "unfinished"), { recursive: true });
    writeFileSync(join(folder, "unfinished", "1-1"), "half");
    createFileArtifacts({ folder });
    expect(existsSync(join(folder, "unfinished"))).toBe(false);
  });

  test("that were changed on the disk are a fault to whoever reads them", async () => {
    await contents.put(bytes("hello"));
    writeFileSync(join(folder, "2c", HASH), "hellO");
    const content = await contents.open(HASH);
    await expect(Array.fromAsync(content ?? [])).rejects.toMatchObject({ code: "corrupt" });
  });

  test("never lead out of their folder", async () => {
    writeFileSync(join(folder, "..", "secret"), "hello");
    mkdirSync(join(folder, "2c"), { recursive: true });
    symlinkSync(join(folder, "..", "secret"), join(folder, "2c", HASH));
    const content = await contents.open(HASH);
    await expect(Array.fromAsync(content ?? [])).rejects.toThrow("ELOOP");
    expect(contents.locate("../secret")).toBeNull();
    expect(await contents.open(`${HASH}/../../secret`)).toBeNull();
  });

  test("are listed by their hash, and what else lies there is not", async () => {
    await contents.put(bytes("hello"));
    const { sha256: other } = await contents.put(bytes("other"));
    writeFileSync(join(folder, "2c", "README"), "not content");
    mkdirSync(join(folder, "notes"));
    const listed = await Array.fromAsync(contents.list());
    expect(listed.map(({ sha256 }) => sha256).toSorted()).toEqual([HASH, other].toSorted());
    expect(listed.every(({ size }) => size === 5)).toBe(true);
  });
});
