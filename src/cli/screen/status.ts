import type { PlanStatus } from "../../core/plan/plan.ts";
import type { StepStatus } from "../../core/step/step.ts";
import type { Face } from "./face.ts";

type Format = Parameters<Face["paint"]>[0];

/** How each state of a step looks: never by colour alone. */
export const STEP_LOOKS: Readonly<
  Record<StepStatus, { readonly mark: string; readonly format: Format }>
> = {
  pending: { mark: "·", format: "dim" },
  ready: { mark: "○", format: "cyan" },
  running: { mark: "●", format: "blue" },
  waiting: { mark: "◌", format: "yellow" },
  succeeded: { mark: "✓", format: "green" },
  failed: { mark: "✗", format: "red" },
  skipped: { mark: "–", format: "dim" },
  cancelled: { mark: "⊘", format: "dim" },
};

export const PLAN_FORMATS: Readonly<Record<PlanStatus, Format>> = {
  draft: "dim",
  "pending-approval": "yellow",
  approved: "cyan",
  executing: "blue",
  completed: "green",
  failed: "red",
  cancelled: "dim",
  rejected: "red",
};
