import type {
  ArtifactId,
  CommandId,
  PlanId,
  RequestId,
  TenantId,
  WorkerId,
} from "../../core/id.ts";
import type { MessageId, PlanMessage } from "../../core/plan/message.ts";
import type { LaneWakeup, TimerWakeup } from "../../core/wakeup.ts";
import type { LimitRecord } from "../check-limits.ts";
import type { PlanRow, RequestRow, StepRow } from "../projection.ts";
import type { ArtifactRow, AttemptProcess, LeaseRow, ProgressRow } from "../store.ts";
import type { CommandRecord } from "../wave.ts";

/** Everything that a store in memory keeps. Logs and texts are kept as text, as on a disk. */
export interface Tables {
  readonly tenants: Map<TenantId, TenantTables>;
  readonly plansByNo: Map<number, PlanTables>;
  readonly leases: Map<WorkerId, LeaseRow>;
  readonly processes: Map<string, AttemptProcess>;
  readonly limits: Map<string, LimitRecord>;
  planNo: number;
  leaseNo: number;
  progressPosition: number;
}

export interface TenantTables {
  readonly tenantId: TenantId;
  readonly plans: Map<PlanId, PlanTables>;
  /** The events of all plans in the order of their commits. */
  readonly feed: LogEntry[];
  readonly requests: Map<RequestId, RequestRow>;
  readonly artifacts: Map<ArtifactId, ArtifactRow>;
  readonly commands: Map<CommandId, KeptCommand>;
  readonly messages: Map<MessageId, DueMessage>;
}

export interface PlanTables {
  readonly no: number;
  readonly tenantId: TenantId;
  row: PlanRow;
  readonly log: LogEntry[];
  readonly revisions: Map<number, string>;
  readonly steps: Map<string, StepRow>;
  readonly timers: Map<string, TimerWakeup>;
  readonly lanes: Map<string, LaneWakeup>;
  readonly progress: ProgressRow[];
}

export interface LogEntry {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

export interface KeptCommand {
  readonly record: CommandRecord;
  readonly at: number;
}

export interface DueMessage {
  readonly message: PlanMessage;
  readonly at: number;
}

export function createTables(): Tables {
  return {
    tenants: new Map(),
    plansByNo: new Map(),
    leases: new Map(),
    processes: new Map(),
    limits: new Map(),
    planNo: 0,
    leaseNo: 0,
    progressPosition: 0,
  };
}

/** A tenant's tables, made where it has none. */
export function ensureTenant(tables: Tables, tenantId: TenantId): TenantTables {
  const existing = tables.tenants.get(tenantId);
  if (existing !== undefined) return existing;
  const tenant: TenantTables = {
    tenantId,
    plans: new Map(),
    feed: [],
    requests: new Map(),
    artifacts: new Map(),
    commands: new Map(),
    messages: new Map(),
  };
  tables.tenants.set(tenantId, tenant);
  return tenant;
}
