import { createHash } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pure } from "../core/pure.ts";
import type { Lease } from "../core/step/lease.ts";
import type { ArtifactRef } from "../core/step/outcome.ts";
import type { ExecutionContext, NewArtifact, SpawnedProcess } from "../engine/executor.ts";
import { createSystemRuntime } from "../engine/system-runtime.ts";
import { createPure } from "../format/create-pure.ts";

/** An attempt for tests of executors: real time, real processes, real files. */
export interface TestAttempt extends AsyncDisposable {
  readonly lease: Lease;
  readonly context: ExecutionContext;
  /** A folder of the test's own; the workspace, and where its text comes from. */
  readonly folder: string;
  readonly written: { readonly stream: string; readonly text: string }[];
  readonly published: Map<string, Buffer>;
  readonly recorded: SpawnedProcess[];
  readonly removed: SpawnedProcess[];
  beats: number;
  /** Cuts the attempt short, as the engine does. */
  cut(reason: string): void;
  /** All that was written to one stream. */
  textOf(stream: string): string;
}

export async function startTestAttempt(lease: Partial<Lease> = {}): Promise<TestAttempt> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "planwright-test-")));
  const controller = new AbortController();
  const attempt: TestAttempt = {
    lease: { ...LEASE, origin: { kind: "file", trust: "operator", folder }, ...lease },
    context: contextOf(() => attempt, controller.signal),
    folder,
    written: [],
    published: new Map(),
    recorded: [],
    removed: [],
    beats: 0,
    cut: (reason) => controller.abort(reason),
    textOf: (stream) =>
      attempt.written
        .filter((one) => one.stream === stream)
        .map((one) => one.text)
        .join(""),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  return attempt;
}

const LEASE: Omit<Lease, "origin"> = {
  tenantId: "default",
  planId: "pln_1",
  stepKey: "build",
  attempt: 1,
  document: { do: "command" },
  effect: "none",
  input: null,
  timeoutMs: 60_000,
  idleMs: null,
  feedback: [],
  loop: 0,
  alone: false,
  scope: { inputs: {}, plan: {}, step: () => undefined },
};

/** What executors need of the core. */
export const TEST_PURE: Pure = createPure((text) =>
  createHash("sha256").update(text).digest("hex"),
);

function contextOf(attempt: () => TestAttempt, signal: AbortSignal): ExecutionContext {
  return {
    signal,
    runtime: createSystemRuntime(),
    pure: TEST_PURE,
    heartbeat: () => {
      attempt().beats += 1;
    },
    write: (stream, text) => attempt().written.push({ stream, text }),
    publish: (artifact) => keep(artifact, attempt().published),
    recordProcess: async (process) => {
      attempt().recorded.push(process);
    },
    removeProcess: async (process) => {
      attempt().removed.push(process);
    },
    workspace: async () => ({
      folder: attempt().folder,
      difference: async () => null,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
}

async function keep(artifact: NewArtifact, published: Map<string, Buffer>): Promise<ArtifactRef> {
  const bytes = await readContent(artifact.content);
  published.set(artifact.name, bytes);
  return {
    id: `art_${published.size}`,
    name: artifact.name,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    mediaType: artifact.mediaType ?? "application/octet-stream",
  };
}

async function readContent(content: NewArtifact["content"]): Promise<Buffer> {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) return Buffer.from(content);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Waits for something that another process does; looks again and again, for ten seconds at most. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error("it did not come about within ten seconds");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
