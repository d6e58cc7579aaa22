import type { Executor } from "../../engine/executor.ts";
import { AttemptFault } from "../attempt-fault.ts";
import { type Tried, failedOutcome, notKept } from "../tried.ts";
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
      const end = await runner.run(input.value, lease, context).catch(stated);
      if (!end.ok) return failedOutcome(end.error);
      return commandOutcome(end.value, input.value, lease, context).catch(notKept);
    },
  };
}

/** A fault that says how the attempt fails; any other says nothing of what the command has done. */
function stated(error: unknown): Tried<never> {
  if (AttemptFault.is(error)) return { ok: false, error: error.error };
  throw error;
}
