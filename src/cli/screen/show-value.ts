import type { Json } from "../../core/json.ts";
import { visibleJson, visibleLines } from "./visible.ts";

/** A value for people: text as it is, everything else as JSON. */
export function showValue(value: Json): string {
  return typeof value === "string" ? visibleLines(value).trimEnd() : visibleJson(value, 2);
}

/** Lines moved to the right. */
export function indent(text: string, by = "  "): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? line : by + line))
    .join("\n");
}
