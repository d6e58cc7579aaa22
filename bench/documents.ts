import type { PlanDocument, StepDocument } from "planwright";

/** Nobody is asked, and the plan itself caps nothing below the worker's 32 slots. */
const POLICY = { approval: "none", concurrency: 32 } as const;

/** Steps in a row. */
export function chainDocument(steps: number): PlanDocument {
  return linesDocument(1, steps);
}

/** Rows of steps side by side, each step needing the one before it in its row. */
export function linesDocument(lines: number, stepsPerLine: number): PlanDocument {
  const steps: Record<string, StepDocument> = {};
  for (let place = 0; place < stepsPerLine; place += 1) {
    for (let line = 0; line < lines; line += 1) {
      steps[keyOf(line, place)] = echo(place === 0 ? [] : [keyOf(line, place - 1)]);
    }
  }
  return { plan: `${lines} lines of ${stepsPerLine} steps`, policy: POLICY, steps };
}

/** One step, many that need it, and one that needs them all. */
export function fanDocument(width: number): PlanDocument {
  const branches = Array.from({ length: width }, (_, index) => `branch-${index}`);
  const steps: Record<string, StepDocument> = { root: echo([]) };
  for (const key of branches) steps[key] = echo(["root"]);
  steps["join"] = echo(branches);
  return { plan: `a fan of ${width} steps`, policy: POLICY, steps };
}

/** A step that does nothing, with nothing to crash in the middle of. */
function echo(needs: readonly string[]): StepDocument {
  return { do: "tool", owner: "std.echo", needs };
}

function keyOf(line: number, place: number): string {
  return `step-${line}-${place}`;
}
