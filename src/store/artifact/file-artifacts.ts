import { createHash, randomUUID, type Hash } from "node:crypto";
import { constants, rmSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  StoreFault,
  type ArtifactStore,
  type ListedContent,
  type StoredContent,
} from "../store.ts";
import { BYTES_MAX, chunksOf, isContentHash, tooLarge } from "./content.ts";

export interface FileArtifactsOptions {
  /** Made where there is none, when the first content comes. */
  readonly folder: string;
  readonly bytesMax?: number;
  /** False beside the process that owns the store: what is unfinished there is not cleared away. */
  readonly isOwner?: boolean;
}

/**
 * Content as files named by their hash (`ab/abcd…`). A file gets its name when it is whole and on
 * the disk, so whatever has a name is what the name says.
 */
export function createFileArtifacts(options: FileArtifactsOptions): ArtifactStore {
  return new FileArtifacts(options);
}

class FileArtifacts implements ArtifactStore {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #bytesMax: number;

  constructor({ folder, bytesMax = BYTES_MAX, isOwner = true }: FileArtifactsOptions) {
    this.#folder = folder;
    this.#unfinished = join(folder, "unfinished");
    this.#bytesMax = bytesMax;
    // Left behind by a process that is no more: the store has one owner.
    if (isOwner) rmSync(this.#unfinished, { recursive: true, force: true });
  }

  async put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredContent> {
    try {
      return await this.#put(content);
    } catch (error) {
      throw toFault(error);
    }
  }

  async open(sha256: string): Promise<AsyncIterable<Uint8Array> | null> {
    const path = this.locate(sha256);
    if (path === null || !(await isFile(path))) return null;
    return readVerified(path, sha256);
  }

  locate(sha256: string): string | null {
    return isContentHash(sha256) ? join(this.#folder, sha256.slice(0, 2), sha256) : null;
  }

  async *list(): AsyncIterable<ListedContent> {
    for (const shelf of await namesIn(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
      for (const sha256 of await namesIn(join(this.#folder, shelf))) {
        const listed = await this.#listed(sha256);
        if (listed !== null) yield listed;
      }
    }
  }

  async remove(sha256: string): Promise<void> {
    const path = this.locate(sha256);
    if (path !== null) await rm(path, { force: true });
  }

  async #put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredContent> {
    await mkdir(this.#unfinished, { recursive: true, mode: 0o700 });
    // Other machines may share the folder: numbers of processes would not tell them apart.
    const draft = join(this.#unfinished, randomUUID());
    try {
      const stored = await write(draft, content, this.#bytesMax);
      await this.#name(draft, stored.sha256);
      return stored;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Over a file of the same name as well: its content is the same, and it is new again. */
  async #name(draft: string, sha256: string): Promise<void> {
    const shelf = join(this.#folder, sha256.slice(0, 2));
    const made = await mkdir(shelf, { recursive: true, mode: 0o700 });
    await rename(draft, join(shelf, sha256));
    await syncFolder(shelf);
    if (made === undefined) return;
    await syncFolder(this.#folder);
    await syncFolder(dirname(this.#folder));
  }

  async #listed(sha256: string): Promise<ListedContent | null> {
    const path = this.locate(sha256);
    if (path === null) return null;
    try {
      const { size, mtimeMs } = await stat(path);
      return { sha256, size, storedAt: Math.floor(mtimeMs) };
    } catch (error) {
      // It was removed meanwhile.
      if (codeOf(error) === "ENOENT") return null;
      throw toFault(error);
    }
  }
}

async function write(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<StoredContent> {
  const file = await open(path, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    const size = await copy(content, file, hash, bytesMax);
    await file.sync();
    return { sha256: hash.digest("hex"), size };
  } finally {
    await file.close();
  }
}

async function copy(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  file: FileHandle,
  hash: Hash,
  bytesMax: number,
): Promise<number> {
  let size = 0;
  for await (const chunk of chunksOf(content)) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return size;
}

/** Bytes that turn out not to be what the name says are a fault at the end, never a silent answer. */
async function* readVerified(path: string, sha256: string): AsyncIterable<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const hash = createHash("sha256");
  for await (const chunk of file.createReadStream()) {
    const bytes: Uint8Array = chunk;
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest("hex") === sha256) return;
  throw new StoreFault("corrupt", `the content of ${path} is not what its name says`);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw toFault(error);
  }
}

function toFault(error: unknown): unknown {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    const message = "the disk is full: the artifact was not stored";
    return new StoreFault("full", message, { cause: error, retryable: true });
  }
  if (code === null || StoreFault.is(error)) return error;
  return new StoreFault("failed", `the artifact could not be stored: ${code}`, { cause: error });
}

/** The system's name for what failed; null where it was not the system. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || StoreFault.is(error)) return null;
  const code = Reflect.get(error, "code");
  return typeof code === "string" ? code : null;
}
