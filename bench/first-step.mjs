// The smallest program: one store, one plan, one step.
import process from "node:process";
import { createPlanwright } from "planwright";

const planwright = await createPlanwright({ store: process.argv[2] ?? "" });
const steps = { only: { do: "tool", owner: "std.echo" } };
await planwright.run({ plan: "first", policy: { approval: "none" }, steps });
await planwright.drain(0);
