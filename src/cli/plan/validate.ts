import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { faultsAsJson, tellFaults, tellWarnings } from "./read-file.ts";
import { checkPlanFile } from "./read-plan-file.ts";

/** Checks a plan file and tells all that is wrong with it. */
export const validate: Act = async (given, face) => {
  const file = given.argument(0);
  const result = await checkPlanFile(file);
  if ("code" in result) {
    face.complain(`planwright: ${visible(result.message)}`);
    return result.code;
  }
  if (given.flag("json")) face.data(visibleJson(faultsAsJson(result), 2));
  tellWarnings(file, result.warnings, face);
  if (!result.ok) {
    tellFaults(file, result.faults, face);
    return EXIT.invalidPlan;
  }
  if (!given.flag("json")) {
    const count = Object.keys(result.document.steps).length;
    const steps = `${count} ${count === 1 ? "step" : "steps"}`;
    face.data(`${visible(file)} is valid: ${visible(result.document.plan)}, ${steps}`);
  }
  return EXIT.done;
};
