import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Fault } from "../../core/graph/fault.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import { readInputs } from "../../format/input-values.ts";
import type { ArtifactStore } from "../../store/store.ts";
import { readPairs } from "../read-pairs.ts";
import { UsageFault } from "../usage-fault.ts";

/** Inputs as they were typed, with the files that are still to be stored. */
export interface TypedInputs {
  readonly inputs: JsonObject;
  readonly faults: readonly Fault[];
  /** Paths by the name of their input. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads `name=value`; a file is looked at, and stored only once all else is in order. */
export async function readTypedInputs(
  document: PlanDocument,
  typed: readonly string[],
): Promise<TypedInputs> {
  const given = new Map<string, string | JsonObject>();
  const files = new Map<string, string>();
  for (const [name, value] of readPairs("--input", typed)) {
    const isFile = declaredType(document, name) === "file" && value.startsWith("@");
    if (isFile) files.set(name, value.slice(1));
    given.set(name, isFile ? await referenceTo(value.slice(1)) : value);
  }
  return { ...readInputs(document, Object.fromEntries(given)), files };
}

/**
 * Stores the files that inputs refer to, before a plan names them, and says where steps find them
 * (`inputs.NAME.path`).
 */
export async function storeFiles(
  { inputs, files }: TypedInputs,
  artifacts: ArtifactStore,
): Promise<JsonObject> {
  const stored = new Map<string, Json | undefined>(Object.entries(inputs));
  for (const [name, path] of files) {
    const reference = inputs[name];
    const { sha256 } = await artifacts.put(createReadStream(path));
    if (!isJsonObject(reference) || reference["sha256"] !== sha256) {
      throw new UsageFault(`--input: ${path} changed while it was read`);
    }
    stored.set(name, { ...reference, path: artifacts.locate(sha256) });
  }
  return Object.fromEntries(stored);
}

function declaredType(document: PlanDocument, name: string): string | undefined {
  const { inputs } = document;
  return inputs !== undefined && Object.hasOwn(inputs, name) ? inputs[name]?.type : undefined;
}

/** What names a file in a plan: its content, so the same file is the same input. */
async function referenceTo(path: string): Promise<JsonObject> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageFault(`--input: there is no file ${path}`);
  }
  const digest = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk;
    digest.update(bytes);
    size += bytes.length;
  }
  const sha256 = digest.digest("hex");
  const mediaType = "application/octet-stream";
  return { artifact: `art_${sha256}`, name: basename(path), sha256, size, mediaType };
}
