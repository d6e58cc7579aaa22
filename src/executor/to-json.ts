import { FORBIDDEN_KEYS } from "../core/forbidden-key.ts";
import { type Json, isJsonObject } from "../core/json.ts";
import { pointerOf } from "../core/graph/fault.ts";

/** As deep as a stored value may be (SEC-15). */
const DEPTH_MAX = 64;

/** What a value is as JSON, or where it cannot be said in JSON. */
export type JsonResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string; readonly pointer: string };

type Path = readonly (string | number)[];

/**
 * A copy of a value as plain JSON. Stricter than `JSON.stringify`, which drops, rewrites or calls
 * what it cannot say: what would be lost is a fault with its place. Members without a value are
 * left out.
 */
export function toJson(value: unknown): JsonResult {
  return copy(value, [], new Set());
}

function copy(value: unknown, path: Path, within: Set<object>): JsonResult {
  if (value === null || typeof value === "boolean") return { ok: true, value };
  if (typeof value === "number") return copyNumber(value, path);
  if (typeof value === "string") return copyString(value, path);
  if (typeof value !== "object") return fault(path, `is ${nameOf(value)}, which JSON cannot say`);
  if (within.has(value)) return fault(path, "contains itself");
  if (path.length >= DEPTH_MAX) return fault(path, `is nested deeper than ${DEPTH_MAX} levels`);
  within.add(value);
  const result = Array.isArray(value)
    ? copyList(value, path, within)
    : copyObject(value, path, within);
  within.delete(value);
  return result;
}

function copyNumber(value: number, path: Path): JsonResult {
  if (!Number.isFinite(value)) return fault(path, `is ${value}, which JSON cannot say`);
  return { ok: true, value };
}

function copyString(value: string, path: Path): JsonResult {
  if (value.isWellFormed()) return { ok: true, value };
  return fault(path, "is not well-formed text: it holds half of a surrogate pair");
}

function copyList(list: readonly unknown[], path: Path, within: Set<object>): JsonResult {
  const items: Json[] = [];
  for (const [index, item] of list.entries()) {
    const result = copy(item, [...path, index], within);
    if (!result.ok) return result;
    items.push(result.value);
  }
  return { ok: true, value: items };
}

function copyObject(object: object, path: Path, within: Set<object>): JsonResult {
  if (!isJsonObject(object) || !isPlain(object)) {
    return fault(
      path,
      `is a ${object.constructor.name}, not a plain object: say it in JSON's terms`,
    );
  }
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined) continue;
    const result = copyMember(key, member, [...path, key], within);
    if (!result.ok) return result;
    members.push([key, result.value]);
  }
  return { ok: true, value: Object.fromEntries(members) };
}

function copyMember(key: string, member: unknown, path: Path, within: Set<object>): JsonResult {
  if (FORBIDDEN_KEYS.has(key)) return fault(path, "has a key that is refused everywhere");
  if (!key.isWellFormed()) return fault(path, "has a key that is not well-formed text");
  return copy(member, path, within);
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(value: unknown): string {
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

function fault(path: Path, message: string): JsonResult {
  return { ok: false, message, pointer: pointerOf(path) };
}
