import process from "node:process";
import { createPlanwright } from "../../src/create-planwright.ts";
import { defineTool } from "../../src/executor/tool/define-tool.ts";

/**
 * One worker of a fleet. It says what it commits, and drains when it is told to end.
 * Arguments: the database, a name, how long its lease lasts.
 */
const [url = "", name = "", ttlMs = "15000"] = process.argv.slice(2);

/** Keeps the main loop from everything else for as long as its input says. */
const stall = defineTool({
  name: "test.stall",
  effect: "none",
  input: { type: "object", required: ["ms"], properties: { ms: { type: "integer" } } },
  execute: (input) => {
    const ms = Number(Reflect.get(Object(input), "ms"));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return Promise.resolve(null);
  },
});

const planwright = await createPlanwright({
  store: url,
  name,
  acceptDataLoss: true,
  folder: process.cwd(),
  artifacts: "artifacts",
  tools: [stall],
  leaseTimes: { ttlMs: Number(ttlMs), renewMs: Number(ttlMs) / 3 },
  onFault: (error) => console.log(`fault: ${error instanceof Error ? error.message : ""}`),
});
planwright.onCommit((events) => {
  for (const { type, stepKey = "", attempt = "" } of events) {
    console.log(`${type} ${stepKey} ${attempt}`.trim());
  }
});
process.on("SIGTERM", () => {
  void planwright.drain(60_000).then(() => process.exit(0));
});
console.log("ready");
