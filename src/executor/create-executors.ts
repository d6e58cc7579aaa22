import type { Executor } from "../engine/executor.ts";
import { createCommandExecutor } from "./command/command-executor.ts";
import { type CommandOptions, createCommandRunner } from "./command/command-runner.ts";
import { createStandardTools } from "./tool/standard-tools.ts";
import { createToolExecutor } from "./tool/tool-executor.ts";
import type { HttpToolOptions } from "./tool/http/http-tool.ts";
import type { Tool } from "./tool/tool.ts";
import { createVerifyExecutor } from "./verify/verify-executor.ts";
import { withChecks } from "./verify/with-checks.ts";
import { withDeliverables } from "./workspace/with-deliverables.ts";
import { withWorkspace } from "./workspace/with-workspace.ts";
import { createWorkspaces } from "./workspace/workspaces.ts";

export interface ExecutorOptions extends CommandOptions {
  /** Where workspaces of plans and attempts are kept. */
  readonly storeFolder: string;
  /** Tools of the embedding program, besides the standard ones. */
  readonly tools?: readonly Tool[];
  readonly http?: HttpToolOptions;
  /** Executors of other kinds, to be given workspaces, deliverables and checks like these. */
  readonly others?: readonly Executor[];
}

/**
 * Everything that a worker can carry out. Around each executor stands what every step may ask for:
 * first its work, then the files that it owes, then its command checks, then what it changed.
 */
export function createExecutors(options: ExecutorOptions): readonly Executor[] {
  const runner = createCommandRunner(options);
  const workspaces = createWorkspaces({ storeFolder: options.storeFolder });
  const tools = [...createStandardTools(options.http), ...(options.tools ?? [])];
  const executors = [
    createCommandExecutor(runner),
    createToolExecutor(tools),
    createVerifyExecutor(runner),
    ...(options.others ?? []),
  ];
  return executors.map((executor) =>
    withWorkspace(withChecks(withDeliverables(executor), runner), workspaces),
  );
}
