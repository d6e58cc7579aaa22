import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { StepView } from "../../core/pure.ts";
import type { Meter } from "./meter.ts";

const RAW_LISTS = new WeakMap<object, readonly Json[]>();
const CHARACTERS_PER_CHARGE = 16;

/**
 * Data as an expression sees it: wrapped when it is looked at, and every look is counted. So no
 * own key can pass for a property of the language, and no walk through a list is free.
 */
export function wrap(value: Json | undefined, meter: Meter): unknown {
  if (typeof value === "string") {
    meter.charge(1 + value.length / CHARACTERS_PER_CHARGE);
    return value;
  }
  meter.charge(1);
  if (isList(value)) return wrapList(value, meter);
  return isJsonObject(value) ? new LazyMap(value, meter) : value;
}

/** What is behind a wrapped value; undefined where it is not wrapped. */
export function unwrap(value: unknown): Json | undefined {
  if (value instanceof LazyMap) return value.raw;
  return typeof value === "object" && value !== null ? RAW_LISTS.get(value) : undefined;
}

/**
 * The library knows a map by its constructor, and asks a Map by `get` alone: that is where we look
 * into the data.
 */
class LazyMap extends Map<string, unknown> {
  static {
    Object.defineProperty(LazyMap.prototype, "constructor", { value: Map });
  }

  readonly raw: JsonObject;
  readonly #meter: Meter;

  constructor(raw: JsonObject, meter: Meter) {
    super();
    this.raw = raw;
    this.#meter = meter;
  }

  override get(key: string): unknown {
    if (typeof key !== "string" || !Object.hasOwn(this.raw, key)) return undefined;
    return wrap(this.raw[key], this.#meter);
  }

  override has(key: string): boolean {
    return typeof key === "string" && this.raw[key] !== undefined && Object.hasOwn(this.raw, key);
  }

  override get size(): number {
    return this.#keys().length;
  }

  override *keys(): MapIterator<string> {
    yield* this.#keys();
  }

  override *entries(): MapIterator<[string, unknown]> {
    for (const key of this.#keys()) yield [key, this.get(key)];
  }

  override *values(): MapIterator<unknown> {
    for (const key of this.#keys()) yield this.get(key);
  }

  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }

  #keys(): readonly string[] {
    const keys = Object.keys(this.raw).filter((key) => this.raw[key] !== undefined);
    this.#meter.charge(keys.length);
    return keys;
  }
}

/** An array to the library, over an empty one: what is read comes from the data, one by one. */
function wrapList(raw: readonly Json[], meter: Meter): unknown {
  const list = new Proxy([], {
    get(target, key, receiver) {
      if (key === "length") return raw.length;
      if (typeof key === "string" && /^\d+$/.test(key)) {
        const index = Number(key);
        return index < raw.length ? wrap(raw[index], meter) : undefined;
      }
      return Reflect.get(target, key, receiver);
    },
  });
  RAW_LISTS.set(list, raw);
  return list;
}

/** The steps by key, looked up when they are asked for. */
export class LazySteps extends Map<string, unknown> {
  static {
    Object.defineProperty(LazySteps.prototype, "constructor", { value: Map });
  }

  readonly #find: (key: string) => StepView | undefined;
  readonly #meter: Meter;

  constructor(find: (key: string) => StepView | undefined, meter: Meter) {
    super();
    this.#find = find;
    this.#meter = meter;
  }

  override get(key: string): unknown {
    const view = this.#find(key);
    if (view === undefined) return undefined;
    return wrap({ status: view.status, output: view.output, error: view.error }, this.#meter);
  }
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
