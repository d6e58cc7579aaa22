import {
  createPlanwright,
  type PlanDocument,
  type Planwright,
  type PlanwrightOptions,
} from "planwright";
import { inWorkFolder } from "./work-folder.ts";

/** Opens an empty store in a file and an engine on it, as a program would. */
export function withPlanwright<T>(
  work: (planwright: Planwright) => Promise<T>,
  options: Omit<PlanwrightOptions, "store"> = {},
): Promise<T> {
  return inWorkFolder(async (folder) => {
    await using planwright = await createPlanwright({
      ...options,
      store: `${folder}/planwright.db`,
      onFault: fail,
    });
    return await work(planwright);
  });
}

/** Stores a plan that needs no approval, and gives its id; it has not begun. */
export async function addPlan(planwright: Planwright, document: PlanDocument): Promise<string> {
  const { orchestrator, actor } = planwright;
  const steps = Object.keys(document.steps).length;
  const created = await orchestrator.create(
    {
      document,
      origin: { kind: "library", trust: "operator" },
      limits: { stepsMax: Math.max(steps, 2000), needsPerStepMax: Math.max(steps, 1000) },
    },
    actor,
  );
  if (!created.ok) throw new Error(created.refusal.message);
  const submitted = await orchestrator.submit(created.plan.id, actor);
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  return submitted.plan.id;
}

/** Milliseconds from the start of these plans to the end of the last one. */
export async function timePlans(
  planwright: Planwright,
  planIds: readonly string[],
): Promise<number> {
  const began = performance.now();
  await Promise.all(planIds.map((planId) => carryOut(planwright, planId)));
  return performance.now() - began;
}

async function carryOut(planwright: Planwright, planId: string): Promise<void> {
  const started = await planwright.orchestrator.start(planId, planwright.actor);
  if (!started.ok) throw new Error(started.refusal.message);
  await completion(planwright, planId);
}

/** Waits until a plan is completed; anything else is no measurement. */
export async function completion(planwright: Planwright, planId: string): Promise<void> {
  const result = await planwright.wait(planId);
  if (!result.ok) throw new Error(result.refusal.message);
  const { status, error } = result.view.plan;
  if (status !== "completed") throw new Error(`the plan is ${status}: ${error?.message ?? ""}`);
}

function fail(error: unknown): void {
  throw error;
}
