import { isJsonList, type Json } from "./json.ts";

/**
 * The one way to write a JSON value (RFC 8785): keys sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript writes them. Keys without a value are left out.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isJsonList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  let text = "";
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
