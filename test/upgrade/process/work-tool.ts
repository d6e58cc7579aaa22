import { setTimeout as pause } from "node:timers/promises";
import type * as DefineTool from "../../../src/executor/tool/define-tool.ts";
import type { StepDocument } from "../../../src/core/plan/document.ts";
import type { Tool } from "../../../src/executor/tool/tool.ts";
import { tellWitness } from "../../torture/witness/tell-witness.ts";

/** How the tool is called in plans. */
const WORK_TOOL = "upgrade.work";

/** A step that takes so long, tells the witness, and must not be done twice. */
export function workStep(ms: number, ...needs: readonly string[]): StepDocument {
  return { do: "tool", owner: WORK_TOOL, needs, with: { ms } };
}

/** The tool as a release makes it. */
export function createWorkTool(
  { defineTool }: Pick<typeof DefineTool, "defineTool">,
  witnessFolder: string,
  life: string,
): Tool {
  return defineTool({
    name: WORK_TOOL,
    effect: "once",
    execute: async (input, context) => {
      tellWitness(witnessFolder, "start", { ...context, life });
      await pause(Number(Reflect.get(Object(input), "ms")));
      tellWitness(witnessFolder, "end", { ...context, life });
      return null;
    },
  });
}
