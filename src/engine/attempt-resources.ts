import type { Lease } from "../core/step/lease.ts";
import type { ArtifactRef } from "../core/step/outcome.ts";
import type { AttemptProcess, LeaseHolder, Stores } from "../store/store.ts";
import type { NewArtifact, SpawnedProcess } from "./executor.ts";
import type { Runtime } from "./runtime.ts";
import { untilStored } from "./until-known.ts";

/** What an attempt leaves outside the log: stored content, and processes that must not outlive it. */
export class AttemptResources {
  readonly #lease: Lease;
  readonly #stores: Stores;
  readonly #runtime: Runtime;
  readonly #workerId: string;
  readonly #holder: LeaseHolder;
  readonly #onFault: (error: unknown) => void;
  readonly #onLeaseEnded: () => void;
  readonly #processes = new Map<number, AttemptProcess>();

  constructor(options: {
    readonly lease: Lease;
    readonly stores: Stores;
    readonly runtime: Runtime;
    readonly workerId: string;
    readonly holder: LeaseHolder;
    readonly onFault: (error: unknown) => void;
    /** The lease of the worker has been ended: nothing that was leased under it counts any more. */
    readonly onLeaseEnded: () => void;
  }) {
    this.#lease = options.lease;
    this.#stores = options.stores;
    this.#runtime = options.runtime;
    this.#workerId = options.workerId;
    this.#holder = options.holder;
    this.#onFault = options.onFault;
    this.#onLeaseEnded = options.onLeaseEnded;
  }

  /** Stores content durably; the outcome that names it publishes it. */
  async publish(artifact: NewArtifact, signal: AbortSignal): Promise<ArtifactRef> {
    const { content } = artifact;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const put = () => this.#stores.artifactStore.put(bytes);
    // A stream can be read once only.
    const { sha256, size } = await (bytes instanceof Uint8Array ? this.#kept(put, signal) : put());
    const { name } = artifact;
    const mediaType = artifact.mediaType ?? "application/octet-stream";
    return { id: `art_${this.#runtime.uuid()}`, name, sha256, size, mediaType };
  }

  /** Durable before it answers: only then may the process begin. Where it throws, nothing may. */
  async recordProcess(process: SpawnedProcess, signal: AbortSignal): Promise<void> {
    const { tenantId, planId, stepKey, attempt } = this.#lease;
    const { host, bootId } = this.#holder;
    const record = { tenantId, planId, stepKey, attempt, workerId: this.#workerId, host, bootId };
    const named = { ...record, ...process };
    const isOurs = await this.#kept(() => this.#stores.recordProcess(named), signal);
    if (!isOurs) {
      this.#onLeaseEnded();
      throw new Error("the lease of this worker has been ended: no process may begin under it");
    }
    this.#processes.set(process.pid, named);
  }

  async removeProcess(process: SpawnedProcess): Promise<void> {
    const named = this.#processes.get(process.pid);
    if (named === undefined) return;
    this.#processes.delete(process.pid);
    await this.#stores.removeProcess(named);
  }

  /** Forgets what an executor left behind in the records; where that cannot be, it harms nobody. */
  async release(): Promise<void> {
    for (const process of this.#processes.values()) {
      await this.removeProcess(process).catch(this.#onFault);
    }
  }

  #kept<T>(store: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return untilStored(store, { runtime: this.#runtime, onFault: this.#onFault, signal });
  }
}
