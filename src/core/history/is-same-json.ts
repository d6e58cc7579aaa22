import { isJsonObject, type Json } from "../json.ts";

/** Whether two values say the same, in whatever order their keys stand. */
export function isSameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => isSameJson(item, right[at]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return left === right;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isSameJson(left[key], right[key]));
}
