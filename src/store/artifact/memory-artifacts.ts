import type { StoreClock } from "../clock.ts";
import type { ArtifactStore, ListedContent, StoredContent } from "../store.ts";
import { BYTES_MAX, chunksOf, tooLarge } from "./content.ts";

export interface MemoryArtifactsOptions {
  readonly clock: StoreClock;
  /** SHA-256 as 64 lower-case hex digits. */
  readonly sha256: (content: Uint8Array) => string;
  readonly bytesMax?: number;
}

/** Content in memory, for stores that keep nothing. */
export function createMemoryArtifacts(options: MemoryArtifactsOptions): ArtifactStore {
  return new MemoryArtifacts(options);
}

class MemoryArtifacts implements ArtifactStore {
  readonly #options: MemoryArtifactsOptions;
  readonly #contents = new Map<string, { readonly bytes: Uint8Array; readonly storedAt: number }>();

  constructor(options: MemoryArtifactsOptions) {
    this.#options = options;
  }

  async put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredContent> {
    const bytes = await gather(content, this.#options.bytesMax ?? BYTES_MAX);
    const sha256 = this.#options.sha256(bytes);
    this.#contents.set(sha256, { bytes, storedAt: this.#options.clock.now() });
    return { sha256, size: bytes.length };
  }

  async open(sha256: string): Promise<AsyncIterable<Uint8Array> | null> {
    const content = this.#contents.get(sha256);
    return content === undefined ? null : chunksOf(content.bytes.slice());
  }

  locate(): string | null {
    return null;
  }

  async *list(): AsyncIterable<ListedContent> {
    const hashes = [...this.#contents.keys()].toSorted();
    for (const sha256 of hashes) {
      const content = this.#contents.get(sha256);
      if (content === undefined) continue;
      yield { sha256, size: content.bytes.length, storedAt: content.storedAt };
    }
  }

  async remove(sha256: string): Promise<void> {
    this.#contents.delete(sha256);
  }
}

async function gather(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(content)) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}
