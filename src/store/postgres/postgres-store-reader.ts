import type { ArtifactId, PlanId, RequestId, TenantId } from "../../core/id.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { Plan, Revision } from "../../core/plan/plan.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import type { PlanRow, RequestRow, StepRow } from "../projection.ts";
import type {
  ArtifactRow,
  ChainedEvent,
  EventRange,
  FeedCursor,
  FeedPage,
  Page,
  PlanQuery,
  ProgressQuery,
  ProgressRow,
  RequestQuery,
  StoreReader,
} from "../store.ts";
import type { Driver, Session } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { findArtifact, listArtifacts } from "./sql/find-artifacts.ts";
import { listLimits } from "./sql/limits.ts";
import { listPlans } from "./sql/list-plans.ts";
import { findPlanOfRequest, listRequests } from "./sql/list-requests.ts";
import { listSteps } from "./sql/list-steps.ts";
import { readProgress } from "./sql/progress.ts";
import { readChain } from "./sql/read-events.ts";
import { readFeed } from "./sql/read-feed.ts";
import { findRevisionOf } from "./sql/revisions.ts";
import { canBeStored } from "./storable-text.ts";
import type { Tenants } from "./tenants.ts";

export interface PostgresStoreReaderParts {
  readonly driver: Driver;
  readonly tenants: Tenants;
  readonly holder: PlanHolder;
}

const NOTHING = { data: [], nextCursor: null };

/** The reading half of one tenant's store. A tenant that has never written has no rows. */
export class PostgresStoreReader implements StoreReader {
  readonly tenantId: TenantId;
  readonly #parts: PostgresStoreReaderParts;

  constructor(tenantId: TenantId, parts: PostgresStoreReaderParts) {
    this.tenantId = tenantId;
    this.#parts = parts;
  }

  async read<T>(planId: PlanId, look: (plan: Plan) => T): Promise<T | null> {
    if (!canBeStored(planId)) return null;
    return this.#parts.holder.read(this.tenantId, planId, look);
  }

  async events(planId: PlanId, range: EventRange = {}): Promise<readonly PlanEvent[]> {
    const chain = await this.chain(planId, range);
    return chain.map(({ event }) => event);
  }

  chain(planId: PlanId, range: EventRange = {}): Promise<readonly ChainedEvent[]> {
    return this.#named(planId, [], (session, no) => readChain(session, no, planId, range));
  }

  revision(planId: PlanId, number: number): Promise<Revision | null> {
    return this.#named(planId, null, (session, no) => findRevisionOf(session, no, planId, number));
  }

  feed(after: FeedCursor | null, limit: number): Promise<FeedPage> {
    const none = { events: [], cursor: after };
    return this.#asTenant(none, (session, no) => readFeed(session, no, after, limit));
  }

  plans(query: PlanQuery = {}): Promise<Page<PlanRow>> {
    return this.#named(query.parentPlanId ?? "", NOTHING, (session, no) =>
      listPlans(session, no, this.tenantId, query),
    );
  }

  requests(query: RequestQuery = {}): Promise<Page<RequestRow>> {
    return this.#named(query.planId ?? "", NOTHING, (session, no) =>
      listRequests(session, no, query),
    );
  }

  steps(planId: PlanId): Promise<readonly StepRow[]> {
    return this.#named(planId, [], (session, no) => listSteps(session, no, planId));
  }

  findPlanOfRequest(requestId: RequestId): Promise<PlanId | null> {
    return this.#named(requestId, null, (session, no) => findPlanOfRequest(session, no, requestId));
  }

  findArtifact(artifactId: ArtifactId): Promise<ArtifactRow | null> {
    return this.#named(artifactId, null, (session, no) => findArtifact(session, no, artifactId));
  }

  artifacts(planId: PlanId): Promise<readonly ArtifactRow[]> {
    return this.#named(planId, [], (session, no) => listArtifacts(session, no, planId));
  }

  progress(query: ProgressQuery): Promise<readonly ProgressRow[]> {
    return this.#named(query.planId + query.stepKey, [], (session, no) =>
      readProgress(session, no, query),
    );
  }

  async limits(): Promise<readonly SharedLimit[]> {
    const { driver, tenants } = this.#parts;
    // Those that all tenants share are for one that has never written as well.
    const tenantNo = (await tenants.find(this.tenantId)) ?? 0;
    return listLimits(driver.as({ tenantNo }), tenantNo);
  }

  /** Nothing has a name that cannot be stored. */
  async #named<T>(
    name: string,
    none: T,
    work: (session: Session, tenantNo: number) => Promise<T>,
  ): Promise<T> {
    return canBeStored(name) ? this.#asTenant(none, work) : none;
  }

  async #asTenant<T>(
    none: T,
    work: (session: Session, tenantNo: number) => Promise<T>,
  ): Promise<T> {
    const { driver, tenants } = this.#parts;
    const tenantNo = await tenants.find(this.tenantId);
    return tenantNo === null ? none : work(driver.as({ tenantNo }), tenantNo);
  }
}
