import type { Value } from "./driver.ts";

/** A value as the text that a parameter is sent as: lists as the literals of arrays. */
export function toParameter(value: Value): string | null {
  if (value === null) return null;
  return typeof value === "object" ? `{${value.map(toElement).join(",")}}` : String(value);
}

function toElement(element: number | string | boolean | null): string {
  if (element === null) return "NULL";
  return typeof element === "string" ? quoted(element) : String(element);
}

const SPECIAL = /["\\]/;

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `"${text}"`;
}
