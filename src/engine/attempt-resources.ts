import type { Lease } from "../core/step/lease.ts";
import type { ArtifactRef } from "../core/step/outcome.ts";
import type { AttemptProcess, LeaseHolder, Stores } from "../store/store.ts";
import type { NewArtifact, SpawnedProcess } from "./executor.ts";
import type { Runtime } from "./runtime.ts";

/** What an attempt leaves outside the log: stored content, and processes that must not outlive it. */
export class AttemptResources {
  readonly #lease: Lease;
  readonly #stores: Stores;
  readonly #runtime: Runtime;
  readonly #workerId: string;
  readonly #holder: LeaseHolder;
  readonly #processes = new Map<number, AttemptProcess>();

  constructor(options: {
    readonly lease: Lease;
    readonly stores: Stores;
    readonly runtime: Runtime;
    readonly workerId: string;
    readonly holder: LeaseHolder;
  }) {
    this.#lease = options.lease;
    this.#stores = options.stores;
    this.#runtime = options.runtime;
    this.#workerId = options.workerId;
    this.#holder = options.holder;
  }

  /** Stores content durably; the outcome that names it publishes it. */
  async publish(artifact: NewArtifact): Promise<ArtifactRef> {
    const { content } = artifact;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const { sha256, size } = await this.#stores.artifactStore.put(bytes);
    const { name } = artifact;
    const mediaType = artifact.mediaType ?? "application/octet-stream";
    return { id: `art_${this.#runtime.uuid()}`, name, sha256, size, mediaType };
  }

  /** Durable before it answers: only then may the process begin. */
  async recordProcess(process: SpawnedProcess): Promise<void> {
    const { tenantId, planId, stepKey, attempt } = this.#lease;
    const { host, bootId } = this.#holder;
    const record = { tenantId, planId, stepKey, attempt, workerId: this.#workerId, host, bootId };
    const named = { ...record, ...process };
    await this.#stores.recordProcess(named);
    this.#processes.set(process.pid, named);
  }

  async removeProcess(process: SpawnedProcess): Promise<void> {
    const named = this.#processes.get(process.pid);
    if (named === undefined) return;
    this.#processes.delete(process.pid);
    await this.#stores.removeProcess(named);
  }

  /** Forgets what an executor left behind in the records. */
  async release(): Promise<void> {
    for (const process of this.#processes.values()) await this.removeProcess(process);
  }
}
