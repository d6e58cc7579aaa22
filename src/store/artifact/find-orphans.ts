import type { ArtifactStore, ListedContent, StoresReader } from "../store.ts";

/**
 * Content that no plan publishes. Content is put before the commit that names it, so only what was
 * put some time ago can be told to be left over.
 */
export async function* findOrphans(
  contents: ArtifactStore,
  stores: Pick<StoresReader, "isReferenced">,
  putBefore: number,
): AsyncIterable<ListedContent> {
  for await (const content of contents.list()) {
    if (content.storedAt >= putBefore) continue;
    if (!(await stores.isReferenced(content.sha256))) yield content;
  }
}
