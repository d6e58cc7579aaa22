import type { Fault } from "../../core/graph/fault.ts";
import type { JsonSchema } from "../../core/json.ts";
import type { InputDocument, PlanDocument, StepDocument } from "../../core/plan/document.ts";
import { checkSchema } from "../check-schema.ts";
import { inputFaults } from "../input-values.ts";
import { didYouMean } from "../suggest.ts";
import type { NamedSchemas } from "../schema/resolve-reference.ts";
import { faultAt, faultsBelow, type Path } from "./fault-at.ts";

/** What is wrong with the schemas that a plan names, and with its inputs. */
export function planSchemaFaults(document: PlanDocument, path: Path): readonly Fault[] {
  const schemas = document.schemas ?? {};
  const named = Object.entries(schemas).flatMap(([name, schema]) =>
    faultsBelow([...path, "schemas", name], checkSchema(schema, schemas)),
  );
  const inputs = Object.entries(document.inputs ?? {}).flatMap(([name, input]) =>
    declaredInputFaults(input, schemas, [...path, "inputs", name]),
  );
  return [...named, ...inputs];
}

/** What is wrong with the schemas of one step. */
export function stepSchemaFaults(
  step: StepDocument,
  schemas: NamedSchemas,
  path: Path,
): readonly Fault[] {
  const checks = (step.verify?.checks ?? []).flatMap((check, index) =>
    "schema" in check
      ? schemaFaults(check.schema, schemas, [...path, "verify", "checks", index, "schema"])
      : [],
  );
  const output =
    step.output === undefined ? [] : schemaFaults(step.output, schemas, [...path, "output"]);
  return [...output, ...checks];
}

function schemaFaults(
  schema: JsonSchema | string,
  schemas: NamedSchemas,
  path: Path,
): readonly Fault[] {
  if (typeof schema !== "string") return faultsBelow(path, checkSchema(schema, schemas));
  if (Object.hasOwn(schemas, schema)) return [];
  const known = Object.keys(schemas);
  const hint = didYouMean(schema, known) || "; name it under schemas";
  return [faultAt("unknown-schema", path, `there is no schema "${schema}"${hint}`)];
}

function declaredInputFaults(
  input: InputDocument,
  schemas: NamedSchemas,
  path: Path,
): readonly Fault[] {
  const inSchema = input.schema === undefined ? [] : checkSchema(input.schema, schemas);
  if (inSchema.length > 0) return faultsBelow([...path, "schema"], inSchema);
  const { default: preset, enum: choices = [], ...plain } = input;
  const inChoices = choices.flatMap((choice, index) =>
    inputFaults(plain, choice, schemas, [...path, "enum", index]),
  );
  if (preset === undefined || inChoices.length > 0) return inChoices;
  return inputFaults(input, preset, schemas, [...path, "default"]);
}
