import { laneKey } from "../../core/step/ready-lanes.ts";
import type { PlanChange, Wave } from "../wave.ts";
import { applyTakes } from "./limits.ts";
import { ensureTenant, type PlanTables, type Tables, type TenantTables } from "./tables.ts";

/** How long a command is answered the same (G16). */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Writes what a wave came to. Nothing in here can fail half-way. */
export function writeWave(tables: Tables, wave: Wave, now: number): void {
  for (const change of wave.plans) {
    writePlan(tables, change);
    applyTakes(tables.limits, change);
  }
  for (const record of wave.commands) {
    const { commands } = ensureTenant(tables, record.tenantId);
    prune(commands, now);
    commands.set(record.id, { record, at: now });
  }
  for (const { tenantId, messageId } of wave.settled) {
    tables.tenants.get(tenantId)?.messages.delete(messageId);
  }
}

function writePlan(tables: Tables, change: PlanChange): void {
  const tenant = ensureTenant(tables, change.tenantId);
  const plan = tenant.plans.get(change.planId) ?? newPlan(tables, tenant, change);
  for (const { event, text, hash } of change.events) {
    const entry = { seq: event.seq, text, hash };
    plan.log.push(entry);
    tenant.feed.push(entry);
  }
  for (const revision of change.revisions) {
    plan.revisions.set(revision.number, JSON.stringify(revision));
  }
  writeRows(tenant, plan, change);
  writeDue(tenant, plan, change);
}

function newPlan(tables: Tables, tenant: TenantTables, change: PlanChange): PlanTables {
  const plan: PlanTables = {
    no: change.held.no,
    tenantId: change.tenantId,
    row: change.projection.plan,
    log: [],
    revisions: new Map(),
    steps: new Map(),
    timers: new Map(),
    lanes: new Map(),
    progress: [],
  };
  tenant.plans.set(change.planId, plan);
  tables.plansByNo.set(plan.no, plan);
  return plan;
}

function writeRows(tenant: TenantTables, plan: PlanTables, { held, projection }: PlanChange): void {
  plan.row = projection.plan;
  held.rowStatus = projection.plan.status;
  for (const { row } of projection.steps) plan.steps.set(row.stepKey, row);
  for (const row of projection.requests) tenant.requests.set(row.id, row);
  for (const row of projection.artifacts) tenant.artifacts.set(row.id, row);
}

function writeDue(tenant: TenantTables, plan: PlanTables, change: PlanChange): void {
  for (const timer of change.timers) {
    const key = timer.stepKey ?? "";
    if (timer.at === null) plan.timers.delete(key);
    else plan.timers.set(key, timer);
  }
  for (const lane of change.lanes) {
    const key = laneKey(lane.lane);
    if (lane.at === null) plan.lanes.delete(key);
    else plan.lanes.set(key, lane);
  }
  for (const message of change.messages) {
    if (tenant.messages.has(message.id)) continue;
    tenant.messages.set(message.id, { message, at: change.projection.plan.updatedAt });
  }
}

/** The map is in the order of coming: the oldest answers go first. */
function prune(commands: TenantTables["commands"], now: number): void {
  for (const [id, { at }] of commands) {
    if (at > now - KEPT_MS) return;
    commands.delete(id);
  }
}
