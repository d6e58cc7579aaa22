import type { Fault } from "../../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { RequestDocument } from "../../core/plan/document.ts";
import { checkSchema } from "../check-schema.ts";
import { validateJson } from "../json-schema.ts";
import { faultAt, faultsBelow, type Path } from "./fault-at.ts";

/** What is wrong with the fields of a request taken together. */
export function requestFaults(request: RequestDocument, path: Path): readonly Fault[] {
  return [
    ...optionFaults(request, path),
    ...formFaults(request, path),
    ...timeoutFaults(request, path),
  ];
}

function optionFaults({ kind, options }: RequestDocument, path: Path): readonly Fault[] {
  const at = [...path, "options"];
  if (kind !== "choice") {
    if (options === undefined) return [];
    return [faultAt("field-not-for-kind", at, `options belong to kind: choice, not ${kind}`)];
  }
  if (options === undefined) {
    const message = '"options" is missing: what can be chosen, as a list of { value, title }';
    return [faultAt("missing-field", at, message)];
  }
  const values = options.map((option) => option.value);
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [faultAt("duplicate-option", [...at, index, "value"], `"${value}" is offered twice`)],
  );
}

function formFaults({ kind, form }: RequestDocument, path: Path): readonly Fault[] {
  if (form === undefined) return [];
  const at = [...path, "form"];
  if (kind !== "input") {
    return [faultAt("field-not-for-kind", at, `a form belongs to kind: input, not ${kind}`)];
  }
  const faults = checkSchema(form);
  return faults.length > 0 ? faultsBelow(at, faults) : flatFaults(form, at);
}

/** A form can be drawn on every face: a flat map of plain fields. */
function flatFaults(form: JsonObject, path: Path): readonly Fault[] {
  const { properties } = form;
  if (form["type"] !== "object" || !isJsonObject(properties)) {
    const message = "a form is { type: object, properties: { NAME: { type: string } } }";
    return [faultAt("form-not-flat", path, message)];
  }
  return Object.entries(properties)
    .filter(([, field]) => !isPlainField(field))
    .map(([name]) => {
      const message = `a field of a form is a string, number, integer or boolean, or a list of strings from an enum`;
      return faultAt("form-not-flat", [...path, "properties", name], message);
    });
}

function isPlainField(field: Json | undefined): boolean {
  if (!isJsonObject(field)) return false;
  const { type, items } = field;
  if (type === "array") return isJsonObject(items) && Array.isArray(items["enum"]);
  return type === "string" || type === "number" || type === "integer" || type === "boolean";
}

function timeoutFaults(request: RequestDocument, path: Path): readonly Fault[] {
  const { kind, onTimeout, options, form } = request;
  if (onTimeout === undefined || typeof onTimeout === "string") return [];
  const { answer } = onTimeout;
  const at = [...path, "onTimeout", "answer"];
  if (kind === "approval" || kind === "review") {
    if (isJsonObject(answer) && typeof answer["approved"] === "boolean") return [];
    return [faultAt("wrong-type", at, "the answer is { approved: true } or { approved: false }")];
  }
  if (kind === "input") return form === undefined ? [] : answerFaults(form, answer, at);
  const values = (options ?? []).map((option) => option.value);
  if (typeof answer === "string" && values.includes(answer)) return [];
  return [faultAt("unknown-value", at, `the answer is one of the options: ${values.join(", ")}`)];
}

function answerFaults(form: JsonObject, answer: Json, path: Path): readonly Fault[] {
  if (checkSchema(form).length > 0) return [];
  return faultsBelow(path, validateJson(form, answer));
}
