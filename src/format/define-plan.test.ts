import { describe, expect, test } from "vitest";
import { checkPlan } from "./check-plan.ts";
import { definePlan } from "./define-plan.ts";
import { readPlan } from "./read-plan.ts";

describe("a plan written in TypeScript", () => {
  test("is the same data as the file", () => {
    const plan = definePlan({
      plan: "Notes",
      inputs: { repo: { type: "string", default: "." } },
      steps: {
        log: {
          do: "command",
          effect: "none",
          with: { argv: ["git", "log"], cwd: "${{ inputs.repo }}" },
        },
        notes: { do: "tool", owner: "std.echo", needs: ["log"], onFailure: { fallback: "mail" } },
        mail: { do: "tool", owner: "std.echo" },
        done: {
          do: "wait",
          wait: { for: "1s" },
          needs: { any: ["notes", "log"], allow: ["skipped"] },
        },
      },
    });
    const file = `
plan: Notes
inputs: { repo: { type: string, default: "." } }
steps:
  log: { do: command, effect: none, with: { argv: [git, log], cwd: "\${{ inputs.repo }}" } }
  notes: { do: tool, owner: std.echo, needs: [log], onFailure: { fallback: mail } }
  mail: { do: tool, owner: std.echo }
  done: { do: wait, wait: { for: 1s }, needs: { any: [notes, log], allow: [skipped] } }
`;
    expect(readPlan(file)).toMatchObject({ ok: true, document: plan });
    expect(checkPlan(plan).faults).toEqual([]);
  });

  test("does not compile where a need or a fallback names no step", () => {
    const plan = definePlan({
      plan: "Broken",
      steps: {
        a: { do: "wait", wait: { for: "1s" } },
        // @ts-expect-error there is no step c
        b: { do: "wait", wait: { for: "1s" }, needs: ["c"] },
        // @ts-expect-error there is no step d
        e: { do: "wait", wait: { for: "1s" }, onFailure: { fallback: "d" } },
        // @ts-expect-error there is no such kind
        f: { do: "waits" },
      },
    });
    expect(checkPlan(plan).faults.map((fault) => fault.code)).toContain("unknown-need");
  });
});
