// Opens a store, takes in as many plans as it is told, and says what it weighs before and after.
import process from "node:process";
import { createPlanwright, type PlanDocument, type Planwright } from "planwright";
import type { Weight } from "./weight.ts";

const [store = "", count = "0"] = process.argv.slice(2);
const STEPS = 10;
const AT_ONCE = 64;

await using planwright = await createPlanwright({ store });
process.stdout.write("open\n");
const before = weigh();
await takeIn(planwright, Number(count));
process.stdout.write(`${JSON.stringify({ before, after: weigh() })}\n`);

async function takeIn(opened: Planwright, plans: number): Promise<void> {
  for (let taken = 0; taken < plans; taken += AT_ONCE) {
    const size = Math.min(AT_ONCE, plans - taken);
    await Promise.all(Array.from({ length: size }, () => opened.submit(document())));
  }
}

/** In megabytes: what the process occupies, and what of it is alive. */
function weigh(): Weight {
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
