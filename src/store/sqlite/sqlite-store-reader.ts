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
import type { Driver } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { findArtifact, listArtifacts } from "./sql/find-artifacts.ts";
import { listLimits } from "./sql/limits.ts";
import { findPlanRecord, listPlans } from "./sql/list-plans.ts";
import { findPlanOfRequest, listRequests } from "./sql/list-requests.ts";
import { listSteps } from "./sql/list-steps.ts";
import { readProgress } from "./sql/progress.ts";
import { readChain } from "./sql/read-events.ts";
import { readFeed } from "./sql/read-feed.ts";
import { findRevision } from "./sql/revisions.ts";

const NOTHING = { data: [], nextCursor: null };

/** The reading half of one tenant's store. A tenant that has never written has no rows. */
export class SqliteStoreReader implements StoreReader {
  readonly tenantId: TenantId;
  readonly #driver: Driver;
  readonly #holder: PlanHolder;

  constructor(tenantId: TenantId, driver: Driver, holder: PlanHolder) {
    this.tenantId = tenantId;
    this.#driver = driver;
    this.#holder = holder;
  }

  async read<T>(planId: PlanId, look: (plan: Plan) => T): Promise<T | null> {
    const held = this.#holder.hold(this.tenantId, planId);
    return held === null ? null : look(held.plan);
  }

  async events(planId: PlanId, range: EventRange = {}): Promise<readonly PlanEvent[]> {
    const chain = await this.chain(planId, range);
    return chain.map(({ event }) => event);
  }

  async chain(planId: PlanId, range: EventRange = {}): Promise<readonly ChainedEvent[]> {
    return this.#ofPlan(planId, [], (planNo) => readChain(this.#driver, planNo, range));
  }

  async revision(planId: PlanId, number: number): Promise<Revision | null> {
    return this.#ofPlan(planId, null, (planNo) => findRevision(this.#driver, planNo, number));
  }

  async feed(after: FeedCursor | null, limit: number): Promise<FeedPage> {
    const none = { events: [], cursor: after };
    return this.#ofTenant(none, (no) => readFeed(this.#driver, no, after, limit));
  }

  async plans(query: PlanQuery = {}): Promise<Page<PlanRow>> {
    return this.#ofTenant(NOTHING, (no) => listPlans(this.#driver, no, this.tenantId, query));
  }

  async requests(query: RequestQuery = {}): Promise<Page<RequestRow>> {
    return this.#ofTenant(NOTHING, (no) => listRequests(this.#driver, no, query));
  }

  async steps(planId: PlanId): Promise<readonly StepRow[]> {
    return this.#ofPlan(planId, [], (planNo) => listSteps(this.#driver, planNo, planId));
  }

  async findPlanOfRequest(requestId: RequestId): Promise<PlanId | null> {
    return this.#ofTenant(null, (no) => findPlanOfRequest(this.#driver, no, requestId));
  }

  async findArtifact(artifactId: ArtifactId): Promise<ArtifactRow | null> {
    return this.#ofTenant(null, (no) => findArtifact(this.#driver, no, artifactId));
  }

  async artifacts(planId: PlanId): Promise<readonly ArtifactRow[]> {
    return this.#ofTenant([], (no) => listArtifacts(this.#driver, no, planId));
  }

  async progress(query: ProgressQuery): Promise<readonly ProgressRow[]> {
    return this.#ofTenant([], (no) => readProgress(this.#driver, no, query));
  }

  async limits(): Promise<readonly SharedLimit[]> {
    return listLimits(this.#driver, this.#holder.tenantNo(this.tenantId));
  }

  #ofTenant<T>(none: T, work: (tenantNo: number) => T): T {
    const no = this.#holder.tenantNo(this.tenantId);
    return no === null ? none : work(no);
  }

  #ofPlan<T>(planId: PlanId, none: T, work: (planNo: number) => T): T {
    return this.#ofTenant(none, (tenantNo) => {
      const record = findPlanRecord(this.#driver, tenantNo, planId);
      return record === null ? none : work(record.no);
    });
  }
}
