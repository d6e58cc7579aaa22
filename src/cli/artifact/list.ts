import { formatTimestamp } from "../../core/timestamp.ts";
import type { ArtifactRow } from "../../store/store.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { table } from "../screen/table.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Lists what the steps of a plan have left behind. */
export const listArtifacts: Act = async (given, face) => {
  const planId = given.argument(0);
  await using reading = await openReader(given);
  const { store } = reading.plans;
  const exists = await store.read(planId, (plan) => plan.id);
  if (exists === null) return tellMissing(`plan ${planId}`, face);
  const artifacts = await store.artifacts(planId);
  if (given.flag("json")) {
    face.data(visibleJson({ data: artifacts.map(asJson), nextCursor: null }, 2));
    return EXIT.done;
  }
  if (artifacts.length > 0) face.data(table(artifacts.map(rowOf)));
  else face.note("it has no artifacts");
  return EXIT.done;
};

function asJson(row: ArtifactRow): object {
  return { ...row, publishedAt: formatTimestamp(row.publishedAt) };
}

function rowOf({ id, stepKey, attempt, name, size, mediaType }: ArtifactRow): string[] {
  const source = stepKey === null ? "" : `${stepKey}${attempt === null ? "" : ` (${attempt})`}`;
  return [id, visible(source), visible(name), `${size} bytes`, visible(mediaType)];
}
