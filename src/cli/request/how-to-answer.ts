import type { RequestView } from "../../core/plan/view.ts";
import type { Given } from "../given.ts";
import { isJsonObject } from "../../core/json.ts";
import { suggestCommand } from "../store/suggest-command.ts";

/** What an answer to a request depends on. */
export type Asked = Pick<RequestView, "id" | "kind" | "reason" | "planId" | "options" | "form">;

/** The exact command lines that answer a request, one for each way. */
export function howToAnswer(given: Given, request: Asked): readonly string[] {
  const { id, kind, reason, planId, options, form } = request;
  if (reason === "plan-approval") {
    return [
      suggestCommand(given, "plan", "approve", planId, "--start", "--watch"),
      suggestCommand(given, "plan", "reject", planId, "--reason", "…"),
    ];
  }
  if (kind === "approval" || kind === "review") {
    return [
      suggestCommand(given, "request", "approve", id, "--watch"),
      suggestCommand(given, "request", "reject", id, "--comment", "…", "--watch"),
    ];
  }
  if (kind === "choice") {
    return options.map(({ value }) =>
      suggestCommand(given, "request", "answer", id, value, "--watch"),
    );
  }
  const fields = isJsonObject(form?.["properties"]) ? Object.keys(form["properties"]) : [];
  const values = fields.flatMap((name) => ["--value", `${name}=…`]);
  const answer = fields.length === 0 ? ["--json-value", "…"] : values;
  return [suggestCommand(given, "request", "answer", id, ...answer, "--watch")];
}
