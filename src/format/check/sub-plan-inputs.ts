import type { Fault } from "../../core/graph/fault.ts";
import type { Json } from "../../core/json.ts";
import type { StepDocument } from "../../core/plan/document.ts";
import { inputFaults } from "../input-values.ts";
import { didYouMean } from "../suggest.ts";
import { hasTemplate } from "../template.ts";
import { faultAt, faultsBelow, type Path } from "./fault-at.ts";

/** What keeps the `with` of a step from being the inputs of its sub-plan, as far as the text says. */
export function subPlanInputFaults(step: StepDocument, path: Path): readonly Fault[] {
  if (step.do !== "plan" || step.plan === undefined) return [];
  const declared = step.plan.inputs ?? {};
  const given = step.with ?? {};
  const at = [...path, "with"];
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => {
      const hint = didYouMean(name, Object.keys(declared));
      const message = `the sub-plan has no input "${name.slice(0, 64)}"${hint}`;
      return faultAt("unknown-input", [...at, name], message);
    });
  const values = Object.entries(declared).flatMap(([name, input]) => {
    const value: Json | undefined = Object.hasOwn(given, name) ? given[name] : input.default;
    if (value === undefined) {
      const message = `the sub-plan's input "${name}" is missing: give it in with`;
      return [faultAt("missing-input", step.with === undefined ? path : at, message)];
    }
    if (!Object.hasOwn(given, name) || hasTemplate(value)) return [];
    return faultsBelow(at, inputFaults(input, value, step.plan?.schemas ?? {}, [name]));
  });
  return [...unknown, ...values];
}
