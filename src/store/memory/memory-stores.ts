import type { TenantId, WorkerId } from "../../core/id.ts";
import { TakeCount } from "../check-limits.ts";
import { checkPlan } from "../check-plan.ts";
import { leaseId } from "../lease-id.ts";
import {
  StoreFault,
  type AbandonedAttempt,
  type ArtifactStore,
  type AttemptName,
  type AttemptProcess,
  type DuePage,
  type DueQuery,
  type LeaseHolder,
  type LeaseRow,
  type Store,
  type Stores,
} from "../store.ts";
import { findDue } from "./find-due.ts";
import { MemoryStore, type MemoryStoreParts } from "./memory-store.ts";
import type { PlanTables } from "./tables.ts";

export interface MemoryStoresParts extends MemoryStoreParts {
  readonly digest: (text: string) => string;
  readonly artifactStore: ArtifactStore;
}

type ProcessKey = Pick<AttemptProcess, "planId" | "stepKey" | "attempt" | "pid">;

/** All tenants' stores in memory. */
export class MemoryStores implements Stores {
  readonly description = "memory: nothing is kept";
  readonly exclusive = true;
  readonly artifactStore: ArtifactStore;
  readonly #parts: MemoryStoresParts;
  #isClosed = false;

  constructor(parts: MemoryStoresParts) {
    this.#parts = parts;
    this.artifactStore = parts.artifactStore;
  }

  get clock(): MemoryStoreParts["clock"] {
    return this.#parts.clock;
  }

  forTenant(tenantId: TenantId): Store {
    return new MemoryStore(tenantId, this.#parts);
  }

  async due(query: DueQuery): Promise<DuePage> {
    return findDue(this.#parts.tables, query);
  }

  async beginLease(holder: LeaseHolder, now: number, ttlMs: number): Promise<WorkerId> {
    return this.#parts.commits.write(() => this.#begin(holder, now, ttlMs));
  }

  async renewLease(workerId: WorkerId, now: number, ttlMs: number): Promise<boolean> {
    return this.#parts.commits.write(() => {
      const { leases } = this.#parts.tables;
      const lease = leases.get(workerId);
      if (lease === undefined || lease.endedAt !== null) return false;
      leases.set(workerId, { ...lease, expiresAt: Math.max(lease.expiresAt, now + ttlMs) });
      return true;
    });
  }

  async endLease(workerId: WorkerId): Promise<void> {
    await this.#parts.commits.write(() => this.#end(workerId, this.#parts.clock.now()));
  }

  async endExpiredLeases(now: number): Promise<readonly WorkerId[]> {
    return this.#parts.commits.write(() => {
      const over = this.#openLeases().filter((lease) => lease.expiresAt <= now);
      for (const { workerId } of over) this.#end(workerId, this.#parts.clock.now());
      return over.map(({ workerId }) => workerId);
    });
  }

  async leases(): Promise<readonly LeaseRow[]> {
    return [...this.#parts.tables.leases.values()];
  }

  async abandoned(limit: number): Promise<readonly AbandonedAttempt[]> {
    const found: AbandonedAttempt[] = [];
    for (const plan of this.#parts.tables.plansByNo.values()) {
      found.push(...this.#abandonedOf(plan));
      if (found.length >= limit) return found.slice(0, limit);
    }
    return found;
  }

  async underWay(workerId: WorkerId): Promise<readonly AttemptName[]> {
    return [...this.#parts.tables.plansByNo.values()].flatMap(({ tenantId, row, steps }) =>
      [...steps.values()]
        .filter((step) => step.workerId === workerId)
        .map(({ stepKey, attempt }) => ({ tenantId, planId: row.id, stepKey, attempt })),
    );
  }

  async recordProcess(process: AttemptProcess): Promise<boolean> {
    return this.#parts.commits.write(() => {
      const { leases, processes } = this.#parts.tables;
      if (leases.get(process.workerId)?.endedAt !== null) return false;
      processes.set(processKey(process), process);
      return true;
    });
  }

  async removeProcess(process: ProcessKey): Promise<void> {
    await this.#parts.commits.write(() => {
      this.#parts.tables.processes.delete(processKey(process));
    });
  }

  listen(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  async isReferenced(sha256: string): Promise<boolean> {
    for (const { artifacts } of this.#parts.tables.tenants.values()) {
      for (const row of artifacts.values()) if (row.sha256 === sha256) return true;
    }
    return false;
  }

  async check(): Promise<readonly string[]> {
    const { plansByNo, limits } = this.#parts.tables;
    const rows = [...limits.values()];
    const taken = new TakeCount();
    const problems = [...plansByNo.values()].flatMap((plan) => {
      taken.add(
        plan.tenantId,
        plan.log.map(({ text }) => text),
      );
      return this.#checkOne(plan);
    });
    return [...problems, ...taken.differences(rows, rows)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.commits.close();
  }

  #begin(holder: LeaseHolder, now: number, ttlMs: number): WorkerId {
    for (const lease of this.#openLeases()) {
      if (lease.name === holder.name || isFromAnotherBoot(lease, holder)) {
        this.#end(lease.workerId, now);
      }
    }
    const { tables, digest } = this.#parts;
    tables.leaseNo += 1;
    const workerId = leaseId(holder, now, tables.leaseNo, digest);
    const { name, host, pid, bootId } = holder;
    const times = { beganAt: now, expiresAt: now + ttlMs, endedAt: null };
    tables.leases.set(workerId, { workerId, name, host, pid, bootId, ...times });
    return workerId;
  }

  #end(workerId: WorkerId, now: number): void {
    const { leases } = this.#parts.tables;
    const lease = leases.get(workerId);
    if (lease !== undefined && lease.endedAt === null) {
      leases.set(workerId, { ...lease, endedAt: now });
    }
  }

  #openLeases(): LeaseRow[] {
    return [...this.#parts.tables.leases.values()].filter(({ endedAt }) => endedAt === null);
  }

  #abandonedOf({ tenantId, row, steps }: PlanTables): AbandonedAttempt[] {
    const planId = row.id;
    return [...steps.values()].flatMap(({ stepKey, attempt, workerId }) => {
      if (workerId === null) return [];
      const lease = this.#parts.tables.leases.get(workerId);
      if (lease === undefined || lease.endedAt === null) return [];
      const processes = [...this.#parts.tables.processes.values()]
        .filter(
          (process) =>
            process.tenantId === tenantId &&
            process.planId === planId &&
            process.stepKey === stepKey &&
            process.attempt === attempt,
        )
        .toSorted((left, right) => left.pid - right.pid);
      return [{ tenantId, planId, stepKey, attempt, workerId, processes }];
    });
  }

  #checkOne(plan: PlanTables): string[] {
    const { source, tables, digest } = this.#parts;
    const tenant = tables.tenants.get(plan.tenantId);
    if (tenant === undefined) throw new StoreFault("corrupt", `${plan.row.id} has no tenant`);
    const evidence = {
      planId: plan.row.id,
      log: plan.log,
      revision: (number: number) => source.readRevision(plan.no, number),
      plan: plan.row,
      steps: [...plan.steps.values()],
      requests: [...tenant.requests.values()].filter(({ planId }) => planId === plan.row.id),
      artifacts: [...tenant.artifacts.values()].filter(({ planId }) => planId === plan.row.id),
      timers: [...plan.timers.values()],
      lanes: [...plan.lanes.values()],
    };
    return [...checkPlan(evidence, digest)];
  }
}

/** The machine has started again since: nobody of then is alive. */
function isFromAnotherBoot(lease: LeaseHolder, holder: LeaseHolder): boolean {
  if (lease.host !== holder.host || lease.bootId === null || holder.bootId === null) return false;
  return lease.bootId !== holder.bootId;
}

function processKey({ planId, stepKey, attempt, pid }: ProcessKey): string {
  return [planId, stepKey, attempt, pid].join("\n");
}
