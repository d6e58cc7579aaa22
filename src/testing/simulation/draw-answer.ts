import type { Json } from "../../core/json.ts";
import type { HumanRequest } from "../../core/request/request.ts";
import type { Chance } from "../chance.ts";

/** An answer to a request: one that lets the plan go on, or any, now and then one that does not fit. */
export function drawAnswer(chance: Chance, request: HumanRequest, isKind: boolean): Json {
  if (!isKind && chance.happens(0.1, "misfit")) return "what?";
  switch (request.kind) {
    case "approval":
    case "review":
      return { approved: isKind || chance.happens(0.8, "approved") };
    case "input":
      return { name: "Ada", age: 36 };
    case "choice":
      return drawChoice(chance, request);
  }
}

function drawChoice(chance: Chance, { options, reason }: HumanRequest): Json {
  const { value } = chance.pick(options, "choice");
  return reason !== null && chance.happens(0.3, "with output")
    ? { choice: value, output: { value: 2, items: [] } }
    : value;
}
