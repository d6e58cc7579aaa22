// Opens a store, takes in as many plans as it is told, twice, and says what it weighs in between.
import process from "node:process";
import { createPlanwright, type PlanDocument, type Planwright } from "planwright";
import type { Weights } from "./weight.ts";

const [store = "", count = "0"] = process.argv.slice(2);
const STEPS = 10;
const AT_ONCE = 64;

await using planwright = await createPlanwright({ store });
process.stdout.write("open\n");
const opened = weigh();
// Plans that end at once: what the process weighs then is what the work has made of it.
await forAll((one) => takeInAndReject(one));
const grown = weigh();
await forAll((one) => takeIn(one));
const weights: Weights = { opened, grown, full: weigh() };
process.stdout.write(`${JSON.stringify(weights)}\n`);

async function forAll(work: (one: Planwright) => Promise<unknown>): Promise<void> {
  for (let left = Number(count); left > 0; left -= AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, () => work(planwright)));
  }
}

async function takeIn(one: Planwright): Promise<string> {
  const submitted = await one.submit(document());
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  return submitted.plan.id;
}

async function takeInAndReject(one: Planwright): Promise<void> {
  const planId = await takeIn(one);
  const rejected = await one.orchestrator.reject(planId, one.actor, { reason: "not needed" });
  if (!rejected.ok) throw new Error(rejected.refusal.message);
}

/** In megabytes: what the process occupies, and what of it is alive. */
function weigh(): Weights["opened"] {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 1024 ** 2, live: (heapUsed + external) / 1024 ** 2 };
}

function document(): PlanDocument {
  const entries = Array.from({ length: STEPS }, (_, index) => {
    const needs = index === 0 ? [] : [`step-${index - 1}`];
    return [`step-${index}`, { do: "tool", owner: "std.echo", needs }] as const;
  });
  return { plan: "waits for an approval", steps: Object.fromEntries(entries) };
}
