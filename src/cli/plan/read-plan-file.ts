import { createExecutors } from "../../executor/create-executors.ts";
import type { PlanDocument, StepKind } from "../../core/plan/document.ts";
import { readPlan, type ReadResult } from "../../format/read-plan.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";
import { readStandardInput, readText, resolveFile, tellFaults, tellWarnings } from "./read-file.ts";
import { warningsOfRun } from "./warnings-of-run.ts";

/** A plan file that may be handed in, or the exit code of one that may not. */
export type PlanFile =
  | { readonly ok: true; readonly document: PlanDocument }
  | { readonly ok: false; readonly code: ExitCode };

/**
 * Reads and checks a plan file (`-`: standard input) and tells every fault with its place; all
 * warnings to who looks the plan over, and to who hands it in those that matter then.
 */
export async function readPlanFile(
  file: string,
  face: Face,
  purpose: "look" | "hand-in",
): Promise<PlanFile> {
  const result = await checkPlanFile(file);
  if ("code" in result) {
    face.complain(`planwright: ${visible(result.message)}`);
    return { ok: false, code: result.code };
  }
  const { warnings } = result;
  const document = result.ok ? result.document : null;
  tellWarnings(file, purpose === "look" ? warnings : warningsOfRun(document, warnings), face);
  if (result.ok) return { ok: true, document: result.document };
  tellFaults(file, result.faults, face);
  const count = result.faults.length;
  face.complain(`planwright: ${count} ${count === 1 ? "fault" : "faults"}; nothing was stored`);
  return { ok: false, code: EXIT.invalidPlan };
}

/** The same without telling it; a file that cannot be read at all has a message and an exit code. */
export async function checkPlanFile(
  file: string,
): Promise<ReadResult | { readonly code: ExitCode; readonly message: string }> {
  const found = file === "-" ? await readStandardInput() : readText(file);
  if (!found.ok) {
    if (found.fault !== null) return { ok: false, faults: [found.fault], warnings: [] };
    return { code: found.code, message: found.message };
  }
  const name = file === "-" ? {} : { file };
  return readPlan(found.text, { ...name, resolveFile, ...whatCanBeDone() });
}

/** Kinds that no executor is needed for: a decision opens them. */
const WITHOUT_EXECUTOR: readonly StepKind[] = ["human", "wait", "plan"];

function whatCanBeDone(): { kinds: ReadonlySet<string>; tools: ReadonlySet<string> } {
  const executors = createExecutors({ storeFolder: "." });
  const capabilities = executors.flatMap((executor) => executor.capabilities);
  const tools = capabilities.flatMap((one) => (one.startsWith("tool:") ? [one.slice(5)] : []));
  const kinds = capabilities.map((one) => (one.startsWith("tool:") ? "tool" : one));
  return { kinds: new Set([...kinds, ...WITHOUT_EXECUTOR]), tools: new Set(tools) };
}
