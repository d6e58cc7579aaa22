// A program with a plan of its own: node --conditions=source examples/hello.ts
import { createPlanwright, definePlan, defineTool } from "planwright";

/** Tools are plain functions; what crashes in the middle of one with effect `none` is run again. */
const count = defineTool({
  name: "words.count",
  effect: "none",
  input: { type: "object", required: ["text"], properties: { text: { type: "string" } } },
  execute: (input) => ({ words: String(Reflect.get(Object(input), "text")).split(/\s+/).length }),
});

const plan = definePlan({
  plan: "Count words",
  policy: { approval: "none", verification: "required" },
  inputs: { text: { type: "string" } },
  steps: {
    count: {
      do: "tool",
      owner: "words.count",
      with: { text: "${{ inputs.text }}" },
      verify: { checks: [{ expression: "output.words > 0" }] },
    },
    tell: {
      do: "tool",
      owner: "std.echo",
      needs: ["count"],
      with: { text: "${{ steps.count.output.words }} words" },
    },
  },
  answer: "steps.tell.output.text",
});

// A file instead of `:memory:` keeps the plan through crashes and restarts.
await using planwright = await createPlanwright({ store: ":memory:", tools: [count] });
const result = await planwright.run(plan, { inputs: { text: "approve once, precisely" } });
if (!result.ok) throw new Error(result.refusal.message);
console.log(`${result.view.plan.status}: ${JSON.stringify(result.view.plan.answer)}`);
