export { createPlanwright, type PlanwrightOptions } from "./create-planwright.ts";
export type { SharedLimits } from "./shared-limits.ts";
export type { Planwright, RunResult, SubmitOptions } from "./planwright.ts";
export type { Answer, NewPlan, Orchestrator } from "./engine/orchestrator.ts";
export type { Rest } from "./engine/stable.ts";
export type {
  ExecutionContext,
  Executor,
  NewArtifact,
  SpawnedProcess,
  Workspace,
} from "./engine/executor.ts";
export type { Runtime, Timer } from "./engine/runtime.ts";
export { definePlan } from "./format/define-plan.ts";
export { readPlan } from "./format/read-plan.ts";
export { writePlan } from "./format/write-plan.ts";
export { checkPlan } from "./format/check-plan.ts";
export { defineTool } from "./executor/tool/define-tool.ts";
export { ToolError } from "./executor/tool/tool-error.ts";
export type { Tool, ToolContext } from "./executor/tool/tool.ts";
export { openSqlite } from "./store/sqlite/open-sqlite.ts";
export { StoreFault } from "./store/store.ts";
export type { Store, Stores } from "./store/store.ts";
export type { Actor } from "./core/actor.ts";
export type { Json, JsonObject, JsonSchema } from "./core/json.ts";
export type { PlanDocument, StepDocument } from "./core/plan/document.ts";
export type { Feedback, PlanEvent } from "./core/plan/event.ts";
export type { PlanHeadView, PlanView, StepShown, RequestView } from "./core/plan/view.ts";
export type { Refusal } from "./core/refusal.ts";
export type { LimitKey } from "./core/shared/limit-key.ts";
export type { SharedLimit } from "./core/shared/shared-limit.ts";
export type { Lease } from "./core/step/lease.ts";
export type { ArtifactRef, Outcome, StepError } from "./core/step/outcome.ts";
