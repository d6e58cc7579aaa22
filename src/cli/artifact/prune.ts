import { findOrphans } from "../../store/artifact/find-orphans.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { openSession } from "../store/open-session.ts";

/** Removes content that was stored for a commit that never came. */
export const pruneArtifacts: Act = async (given, face) => {
  const olderThanMs = given.durationMs("olderThan") ?? 0;
  await using session = await openSession(given, face, { mustExist: true });
  const { stores } = session;
  const contents = stores.artifactStore;
  let removed = 0;
  let bytes = 0;
  for await (const orphan of findOrphans(contents, stores, Date.now() - olderThanMs)) {
    await contents.remove(orphan.sha256);
    removed += 1;
    bytes += orphan.size;
  }
  face.data(`${removed} contents removed, ${bytes} bytes`);
  return EXIT.done;
};
