import { defineTool } from "../../../src/executor/tool/define-tool.ts";
import { ToolError } from "../../../src/executor/tool/tool-error.ts";
import type { Tool, ToolContext } from "../../../src/executor/tool/tool.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/core/json.ts";
import { tellWitness } from "../../torture/witness/tell-witness.ts";

/** How the tool is called in plans. */
export const WORK_TOOL = "fleet.work";

/** What a call of the tool says. */
export interface Work {
  readonly ms: number;
  /** Attempts up to this number fail, so that they are tried again. */
  readonly fails?: number;
  /** Goes on when it is told to stop, and ends as if nothing had been said. */
  readonly deaf?: boolean;
  readonly items?: readonly string[];
}

/** Work that is done within its worker, and told to the witness when it begins and when it has been done. */
export function createWorkTool(witnessFolder: string, life: string): Tool {
  return defineTool({
    name: WORK_TOOL,
    effect: "repeatable",
    execute: async (input, context) => {
      const work = readWork(input);
      const execution = { ...context, life };
      tellWitness(witnessFolder, "start", execution);
      await sleep(work, context);
      if (context.attempt <= work.fails) {
        throw new ToolError(`attempts up to ${work.fails} fail`, { code: "asked-to-fail" });
      }
      tellWitness(witnessFolder, "end", execution);
      return { items: work.items };
    },
  });
}

function readWork(input: Json): Required<Work> {
  const { ms, fails, deaf, items }: JsonObject = isJsonObject(input) ? input : {};
  return {
    ms: typeof ms === "number" ? ms : 0,
    fails: typeof fails === "number" ? fails : 0,
    deaf: deaf === true,
    items: Array.isArray(items) ? items.map(String) : [],
  };
}

function sleep({ ms, deaf }: Work, { runtime, signal }: ToolContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = runtime.setTimer(ms, resolve);
    const stop = (): void => {
      timer.cancel();
      reject(new Error("told to stop"));
    };
    if (deaf === true) return;
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}
