import { isJsonList, type Json } from "./json.ts";

/**
 * The one way to write a JSON value (RFC 8785): keys sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript writes them. Keys without a value are left out.
 */
export function canonicalJson(value: Json): string {
  // What is in order already, as most events are, is written 3 times as quickly in one go.
  return isInOrder(value) ? JSON.stringify(value) : inOrder(value);
}

function isInOrder(value: Json | undefined): boolean {
  if (value === null || typeof value !== "object") return true;
  if (isJsonList(value)) return value.every(isInOrder);
  let last = "";
  for (const key of Object.keys(value)) {
    if (key < last || !isInOrder(value[key])) return false;
    last = key;
  }
  return true;
}

function inOrder(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isJsonList(value)) return `[${value.map(inOrder).join(",")}]`;
  let text = "";
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${inOrder(member)}`;
  }
  return `{${text}}`;
}
