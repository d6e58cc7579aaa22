import { pointerOf, type Fault } from "../core/graph/fault.ts";
import {
  findKeyFault,
  findNumberFault,
  findStringFault,
  type Complaint,
} from "./text/find-value-fault.ts";
import { tooManyKeys } from "./text/read-json-text.ts";
import { TEXT_FAULTS_MAX } from "./text/raw-text.ts";
import type { TextLimits } from "./text/text-limits.ts";

/**
 * What keeps a value that some program handed over from being the JSON of a plan: the same limits
 * as for a text, and nothing that JSON cannot say. Walks with a stack of its own, so depth and
 * circles are no danger.
 */
export function findJsonFaults(root: unknown, limits: TextLimits): readonly Fault[] {
  const walk = new JsonWalk(limits);
  walk.run(root);
  return walk.faults;
}

interface Visit {
  readonly value: unknown;
  readonly part: string | number;
  readonly above: Visit | null;
  readonly depth: number;
}

class JsonWalk {
  readonly faults: Fault[] = [];
  readonly #limits: TextLimits;
  readonly #visits: Visit[] = [];
  #keys = 0;
  #values = 0;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  run(root: unknown): void {
    this.#visits.push({ value: root, part: "", above: null, depth: 0 });
    for (let visit = this.#visits.pop(); visit !== undefined; visit = this.#visits.pop()) {
      this.#values += 1;
      // As JSON each value takes a sign and a comma at least.
      if (this.#values * 2 > this.#limits.bytesMax)
        return this.#complain(visit, tooLarge(this.#limits));
      this.#visit(visit);
      if (this.faults.length >= TEXT_FAULTS_MAX) return;
    }
  }

  #visit(visit: Visit): void {
    const { value } = visit;
    switch (typeof value) {
      case "string":
        return this.#complain(visit, findStringFault(value, this.#limits));
      case "number":
        return this.#complain(visit, findNumberFault(String(value), value));
      case "boolean":
        return;
      case "object":
        if (value !== null) this.#open(visit, value);
        return;
      default:
        this.#complain(visit, notJson(typeof value));
    }
  }

  #open(visit: Visit, value: object): void {
    if (visit.depth === this.#limits.depthMax) {
      const message = `the value is nested deeper than ${this.#limits.depthMax} levels`;
      this.#complain(visit, { code: "too-deep", message });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#below(visit, index, item);
    } else if (isPlain(value)) {
      for (const [key, member] of Object.entries(value)) {
        // As in JSON itself, a member without a value is not there.
        if (member !== undefined) this.#member(visit, key, member);
      }
    } else {
      this.#complain(visit, notJson(value.constructor.name));
    }
  }

  #member(visit: Visit, key: string, member: unknown): void {
    this.#keys += 1;
    const child = this.#below(visit, key, member);
    this.#complain(child, findKeyFault(key, this.#limits));
    if (this.#keys === this.#limits.keysMax + 1) this.#complain(child, tooManyKeys(this.#limits));
    // Fewer visits left than were allowed for: the walk ends with what it has.
    if (this.#keys > this.#limits.keysMax) this.#visits.length = 0;
  }

  #below(above: Visit, part: string | number, value: unknown): Visit {
    const visit = { value, part, above, depth: above.depth + 1 };
    this.#visits.push(visit);
    return visit;
  }

  #complain(visit: Visit, complaint: Complaint | null): void {
    if (complaint === null) return;
    this.faults.push({ ...complaint, pointer: pointerOf(pathOf(visit)) });
  }
}

function pathOf(visit: Visit): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: Visit = visit; at.above !== null; at = at.above) path.unshift(at.part);
  return path;
}

function tooLarge({ bytesMax }: TextLimits): Complaint {
  return { code: "too-large", message: `as JSON the value is larger than ${bytesMax} bytes` };
}

function notJson(what: string): Complaint {
  return { code: "not-json", message: `${what} is nothing that JSON can say` };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
