import type { Evaluated } from "../../core/pure.ts";
import type { Json } from "../../core/json.ts";
import { unwrap } from "./lazy-data.ts";

/** A value that comes out of an expression, in bytes of JSON. */
export const VALUE_BYTES_MAX: number = 64 * 1024;
const DEPTH_MAX = 64;

/** The JSON of what an expression came to; never more than it may be. */
export function toJson(value: unknown): Evaluated {
  const conversion = new Conversion();
  const json = conversion.convert(value, 0);
  return conversion.fault === null
    ? { ok: true, value: json }
    : { ok: false, message: conversion.fault };
}

class Conversion {
  fault: string | null = null;
  #bytesLeft = VALUE_BYTES_MAX;

  convert(value: unknown, depth: number): Json {
    if (this.fault !== null) return null;
    if (depth > DEPTH_MAX) return this.#fail(`the value is nested deeper than ${DEPTH_MAX} levels`);
    const raw = unwrap(value);
    if (raw !== undefined) {
      this.#measure(raw, depth);
      return raw;
    }
    switch (typeof value) {
      case "string":
      case "boolean":
        this.#count(value);
        return value;
      case "number":
        return this.#number(value);
      case "bigint":
        return this.#whole(value);
      default:
        return this.#composed(value, depth);
    }
  }

  #composed(value: unknown, depth: number): Json {
    if (value === null) {
      this.#count(null);
      return null;
    }
    if (Array.isArray(value)) {
      this.#take(2 + value.length);
      return value.map((part: unknown) => this.convert(part, depth + 1));
    }
    if (!isPlain(value)) {
      return this.#fail("an optional value has no JSON form: end with .orValue(…)");
    }
    const members = Object.entries(value).map(([key, part]): [string, Json] => {
      this.#count(key);
      return [key, this.convert(part, depth + 1)];
    });
    this.#take(2 + 2 * members.length);
    return Object.fromEntries(members);
  }

  #number(value: number): Json {
    if (!Number.isFinite(value))
      return this.#fail(`the result is ${value}, which is no JSON number`);
    const number = value === 0 ? 0 : value;
    this.#count(number);
    return number;
  }

  #whole(value: bigint): Json {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      return this.#fail(`the result ${value} is too large for a whole JSON number: use string(…)`);
    }
    this.#count(number);
    return number;
  }

  /** Data is not copied, only measured. */
  #measure(value: Json | undefined, depth: number): void {
    if (this.fault !== null || value === undefined) return;
    if (depth > DEPTH_MAX) {
      this.#fail(`the value is nested deeper than ${DEPTH_MAX} levels`);
    } else if (value === null || typeof value !== "object") {
      this.#count(value);
    } else {
      for (const [key, part] of Object.entries(value)) {
        if (!Array.isArray(value)) this.#count(key);
        this.#take(2);
        this.#measure(part, depth + 1);
      }
      this.#take(2);
    }
  }

  #count(value: string | number | boolean | null): void {
    if (typeof value === "string" && value.length > this.#bytesLeft) this.#take(value.length);
    else this.#take(byteLength(JSON.stringify(value)));
  }

  #take(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) {
      this.#fail(`the value is larger than ${VALUE_BYTES_MAX} bytes: keep it as an artifact`);
    }
  }

  #fail(message: string): null {
    this.fault ??= message;
    return null;
  }
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    bytes += code >= 0xd800 && code <= 0xdfff ? 1 : code < 0x800 ? 1 : 2;
  }
  return bytes;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
