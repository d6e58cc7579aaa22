import type { Fault } from "../graph/fault.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { Pure } from "../pure.ts";
import type { Refusal } from "../refusal.ts";
import type { HumanRequest } from "./request.ts";

/** An answer that fits its request. `verdict` is what an approval or review comes to. */
export interface Answer {
  readonly value: Json;
  readonly verdict: "yes" | "no" | "none";
}

/** Reads an answer by the kind of its request: `{ approved }`, a choice's value, or a form's values. */
export function readAnswer(request: HumanRequest, given: Json, pure: Pure): Answer | Refusal {
  switch (request.kind) {
    case "approval":
    case "review":
      return readVerdict(given);
    case "choice":
      return readChoice(request, given);
    case "input":
      return readValues(request, given, pure);
  }
}

function readVerdict(given: Json): Answer | Refusal {
  if (isJsonObject(given) && typeof given["approved"] === "boolean") {
    return { value: given, verdict: given["approved"] ? "yes" : "no" };
  }
  return misfit(
    "the answer to an approval is { approved: true } or { approved: false }",
    "/approved",
  );
}

function readChoice(request: HumanRequest, given: Json): Answer | Refusal {
  const choice = isJsonObject(given) ? given["choice"] : given;
  const values = request.options.map((option) => option.value);
  if (typeof choice !== "string" || !values.includes(choice)) {
    return misfit(`choose one of ${values.join(", ")}`, "/choice");
  }
  const whole = request.reason !== null && isJsonObject(given);
  return { value: whole ? given : choice, verdict: "none" };
}

function readValues(request: HumanRequest, given: Json, pure: Pure): Answer | Refusal {
  const faults = request.form === null ? [] : pure.validate(request.form, given);
  if (faults.length === 0) return { value: given, verdict: "none" };
  const message = faults.map((fault) => `${fault.pointer || "/"}: ${fault.message}`).join("; ");
  return { code: "invalid-input", message: `the answer does not fit the form: ${message}`, faults };
}

function misfit(message: string, pointer: string): Refusal {
  const fault: Fault = { code: "answer", message, pointer };
  return { code: "invalid-input", message, faults: [fault] };
}
