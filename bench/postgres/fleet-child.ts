// One process of a fleet: starts the plans that it is told to, says which have ended, and when its
// standard input ends, ends itself.
import process from "node:process";
import { createInterface } from "node:readline";
import { createPlanwright, type PlanEvent } from "planwright";
import type { FleetOrder, Mark } from "./fleet-order.ts";

const ENDS: ReadonlySet<string> = new Set(["plan.completed", "plan.failed", "plan.cancelled"]);
const MARKS: Readonly<Record<string, Mark["what"]>> = {
  "step.readied": "readied",
  "attempt.started": "started",
};

const order = JSON.parse(process.argv[2] ?? "{}") as FleetOrder;
const { url, name, pools, concurrency } = order;
if (!order.hints) await silence();

await using planwright = await createPlanwright({
  store: url,
  name,
  pools,
  concurrency,
  onFault: fail,
});
planwright.onCommit((events) => events.forEach(tell));
say("ready");
for await (const line of createInterface({ input: process.stdin })) {
  for (const planId of line.split(" ")) void start(planId).catch(fail);
}

async function start(planId: string): Promise<void> {
  const started = await planwright.orchestrator.start(planId, planwright.actor);
  if (!started.ok) throw new Error(started.refusal.message);
}

function tell({ type, planId, stepKey = "" }: PlanEvent): void {
  if (ENDS.has(type)) say(`ended ${planId} ${type}`);
  const what = order.marks ? MARKS[type] : undefined;
  if (what !== undefined) say(`mark ${what} ${stepKey} ${Number(process.hrtime.bigint()) / 1e6}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

/** As behind a pooler that lends connections: nobody tells anybody anything. */
async function silence(): Promise<void> {
  const { WorkHints } = await import("../../src/store/postgres/work-hints.ts");
  WorkHints.prototype.tell = () => undefined;
  WorkHints.prototype.listen = () => ({ [Symbol.dispose]: () => undefined });
}
