// Carries out plans until it is killed ("begin"), or what another one left ("resume").
import process from "node:process";
import { createPlanwright, defineTool, type PlanDocument, type Planwright } from "planwright";
import { completion } from "./open-bench.ts";
import { STEP_MS, type RecoveryOrder } from "./recovery-order.ts";

const [order = "{}"] = process.argv.slice(2);
const { mode, store, plans, steps } = JSON.parse(order) as RecoveryOrder;
let done = 0;

const work = defineTool({
  name: "bench.work",
  description: "Takes its time.",
  effect: "none",
  execute: async () => {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    done += 1;
    if (mode === "begin" && done === (plans * steps) / 2) process.stdout.write("middle\n");
    return null;
  },
});

await using planwright = await createPlanwright({ store, tools: [work], concurrency: plans });
if (mode === "begin") await begin(planwright);
else await resume(planwright);

async function begin({ orchestrator, actor }: Planwright): Promise<void> {
  const origin = { kind: "library", trust: "operator" } as const;
  for (let plan = 0; plan < plans; plan += 1) {
    const created = await orchestrator.create({ document: document(), origin }, actor);
    if (!created.ok) throw new Error(created.refusal.message);
    await orchestrator.submit(created.plan.id, actor);
  }
  const { data } = await orchestrator.list({ limit: plans });
  await Promise.all(data.map(({ id }) => orchestrator.start(id, actor)));
  await new Promise(() => undefined);
}

async function resume(opened: Planwright): Promise<void> {
  const { data } = await opened.orchestrator.list({ limit: plans });
  await Promise.all(data.map(({ id }) => completion(opened, id)));
  process.stdout.write("done\n");
}

function document(): PlanDocument {
  const keys = Array.from({ length: steps }, (_, index) => `step-${index}`);
  const entries = keys.map((key, index) => {
    const before = keys[index - 1];
    const needs = before === undefined ? [] : [before];
    return [key, { do: "tool", owner: "bench.work", needs }] as const;
  });
  const policy = { approval: "none" } as const;
  return { plan: "recovered", policy, steps: Object.fromEntries(entries) };
}
