import { isJsonObject } from "../../core/json.ts";
import { findOrphans } from "../../store/artifact/find-orphans.ts";
import type { ArtifactStore, StoresReader } from "../../store/store.ts";
import { everyPlan } from "./every-plan.ts";
import { note, well, wrong, type Finding } from "./finding.ts";

/** Content is put before the commit that names it: what is younger may be about to be named. */
const YOUNG_MS = 60 * 60 * 1000;

/** Whether every artifact that a plan names is there, and what is there that none names. */
export async function checkArtifacts(
  stores: StoresReader,
  tenantId: string,
  contents: ArtifactStore,
  around: { readonly now: number; readonly owned: boolean },
): Promise<readonly Finding[]> {
  const sizes = new Map<string, number>();
  for await (const { sha256, size } of contents.list()) sizes.set(sha256, size);
  const { named, missing } = await compare(stores, tenantId, sizes);
  const orphans: number[] = [];
  const putBefore = around.owned ? around.now - YOUNG_MS : Number.POSITIVE_INFINITY;
  for await (const orphan of findOrphans(contents, stores, putBefore)) {
    if (!named.has(orphan.sha256)) orphans.push(orphan.size);
  }
  if (missing.length > 0) return missing;
  const bytes = orphans.reduce((sum, size) => sum + size, 0);
  return [
    well("artifacts", `${named.size} contents are named, and all are there`),
    ...(orphans.length === 0
      ? []
      : [note("artifacts", `${orphans.length} contents are named by no plan (${bytes} bytes)`)]),
  ];
}

async function compare(
  stores: StoresReader,
  tenantId: string,
  sizes: ReadonlyMap<string, number>,
): Promise<{ readonly named: ReadonlySet<string>; readonly missing: readonly Finding[] }> {
  const store = stores.forTenant(tenantId);
  const named = new Set<string>();
  const missing: Finding[] = [];
  for await (const { id } of everyPlan(store)) {
    const inputs = await store.read(id, ({ revision }) => Object.values(revision.inputs));
    const files = (inputs ?? []).filter(isJsonObject).flatMap(({ sha256 }) => textOf(sha256));
    for (const sha256 of files) named.add(sha256);
    for (const { sha256, size, id: artifactId } of await store.artifacts(id)) {
      named.add(sha256);
      const found = sizes.get(sha256);
      if (found === size) continue;
      const what = found === undefined ? "is missing" : `has ${found} bytes instead of ${size}`;
      missing.push(wrong("artifacts", `${id}: the content of ${artifactId} (${sha256}) ${what}`));
    }
  }
  return { named, missing };
}

function textOf(value: unknown): string[] {
  return typeof value === "string" ? [value] : [];
}
