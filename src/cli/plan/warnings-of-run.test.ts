import { expect, test } from "vitest";
import { readPlan } from "../../format/read-plan.ts";
import { warningsOfRun } from "./warnings-of-run.ts";

/** Codes and pointers of what a run tells of a plan file. */
function told(text: string): readonly string[] {
  const read = readPlan(text);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return warningsOfRun(read.document, read.warnings).map(
    ({ code, pointer }) => `${code} ${pointer}`,
  );
}

const AGENT = "{ do: agent, owner: writer, objective: Write }";
const WAIT = "{ do: wait, wait: { for: 1s } }";

test("a run of a plan without agents does not say that nothing is verified", () => {
  expect(told(`plan: A\nsteps: { a: ${WAIT} }\n`)).toEqual([]);
});

test("a run of unverified agents says so once, of the first plan that has them", () => {
  const inner = `{ plan: B, steps: { b: ${AGENT} } }`;
  const outer = `plan: A\nsteps: { a: { do: plan, plan: ${inner} }, c: { do: plan, plan: ${inner} } }\n`;
  expect(told(outer)).toEqual(["no-verification /steps/a/plan"]);
  expect(told(`plan: A\nsteps: { a: ${AGENT}, b: ${AGENT} }\n`)).toEqual(["no-verification "]);
});

test("a plan that is refused is not said to be unverified", () => {
  const read = readPlan("plan: A\nsteps: { a: { do: wait, wait: { for: 1s }, needs: [b] } }\n");
  expect(read).toMatchObject({ ok: false, warnings: [{ code: "no-verification" }] });
  expect(warningsOfRun(null, read.warnings)).toEqual([]);
});

test("a run tells every other warning", () => {
  expect(told("plan: A\nsteps: { a: { do: command, with: { argv: [ls] } } }\n")).toEqual([
    "undeclared-effect /steps/a",
  ]);
});
