import type { ArtifactRow, ArtifactStore } from "../../store/store.ts";
import type { Act } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { visibleLines } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Writes the content of an artifact: as it is into a pipe, made visible on a terminal. */
export const catArtifact: Act = (given, face) =>
  withArtifact(given, face, async (artifact, contents) => {
    const content = await contents.open(artifact.sha256);
    if (content === null) return null;
    const decoder = new TextDecoder();
    for await (const bytes of content) {
      if (face.unread.aborted) break;
      if (face.showsData) face.data(visibleLines(decoder.decode(bytes, { stream: true })));
      else await face.bytes(bytes);
    }
    return EXIT.done;
  });

/** Says which file holds the content of an artifact. */
export const artifactPath: Act = (given, face) =>
  withArtifact(given, face, async (artifact, contents) => {
    const path = contents.locate(artifact.sha256);
    if (path === null) return null;
    face.data(path);
    return EXIT.done;
  });

/** Null from `act`: the content is not there. */
async function withArtifact(
  given: Given,
  face: Face,
  act: (artifact: ArtifactRow, contents: ArtifactStore) => Promise<ExitCode | null>,
): Promise<ExitCode> {
  const artifactId = given.argument(0);
  await using reading = await openReader(given);
  const artifact = await reading.plans.store.findArtifact(artifactId);
  if (artifact === null) return tellMissing(`artifact ${artifactId}`, face);
  const code = await act(artifact, reading.contents);
  return code ?? tellMissing(`content ${artifact.sha256} of ${artifactId}`, face);
}
