import { type Json, isJsonObject } from "../../core/json.ts";
import type { Executor } from "../../engine/executor.ts";
import type { CommandRunner } from "../command/command-runner.ts";
import { failedOutcome } from "../tried.ts";
import { runChecks } from "./run-checks.ts";

/**
 * Carries out `do: verify`: a step that is nothing but its checks. They judge the `subject` of its
 * `with`, or all of it where it names none.
 */
export function createVerifyExecutor(runner: CommandRunner): Executor {
  return {
    capabilities: ["verify"],
    execute: async (lease, context) => {
      const report = await runChecks(lease, subjectOf(lease.input), context, runner);
      if (!report.ok) return failedOutcome(report.error);
      const { checks, artifacts } = report.value;
      const output = { checks: lease.document.verify?.checks.length ?? 0 };
      return { kind: "succeeded", output, checks, artifacts };
    },
  };
}

function subjectOf(input: Json): Json {
  return isJsonObject(input) ? (input["subject"] ?? input) : input;
}
