import type { Executor } from "../../engine/executor.ts";
import { failedOutcome, notKept } from "../tried.ts";
import { readCommandInput } from "./command-input.ts";
import { commandOutcome } from "./command-outcome.ts";
import type { CommandRunner } from "./command-runner.ts";

/**
 * Carries out `do: command`: exit code 0 succeeds with `{ exitCode, stdout, stderr, durationMs }`,
 * and `lines` or `json` where the step asks for them by `parse`.
 */
export function createCommandExecutor(runner: CommandRunner): Executor {
  return {
    capabilities: ["command"],
    execute: async (lease, context) => {
      const input = readCommandInput(lease.input);
      if (!input.ok) return failedOutcome(input.error);
      const end = await runner.run(input.value, lease, context);
      if (!end.ok) return failedOutcome(end.error);
      return commandOutcome(end.value, input.value, lease, context).catch(notKept);
    },
  };
}
