import { isAlias, isMap, isScalar, isSeq, Scalar, type Alias, type Node } from "yaml";
import { pointerOf } from "../../core/graph/fault.ts";
import type { Json } from "../../core/json.ts";
import {
  findKeyFault,
  findNumberFault,
  findStringFault,
  type Complaint,
} from "./find-value-fault.ts";
import { TEXT_FAULTS_MAX } from "./raw-text.ts";
import { duplicateKey, tooManyKeys } from "./read-json-text.ts";
import type { OffsetFault } from "./text-fault.ts";
import type { TextLimits } from "./text-limits.ts";

/** Turns the nodes of one YAML document into JSON, and keeps what is wrong with them. */
export interface YamlReading {
  read(root: Node): Json;
  readonly faults: readonly OffsetFault[];
  /** The node that each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** A reading of one document. Aliases are written out, so what they multiply is counted. */
export function createYamlReading(limits: TextLimits): YamlReading {
  return new Reading(limits);
}

class Reading implements YamlReading {
  readonly faults: OffsetFault[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly #limits: TextLimits;
  readonly #anchors = new Map<string, Node>();
  /** Nodes that are being read: an alias to one of them would never end. */
  readonly #open = new Set<Node>();
  readonly #path: (string | number)[] = [];
  #values = 0;
  #full = false;
  /** The outermost alias that is being written out: what is wrong in there is wrong here. */
  #alias: Alias | null = null;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  read(root: Node): Json {
    return this.#node(root);
  }

  #node(node: Node): Json {
    if (this.#isTooMuch(node)) return null;
    if (isAlias(node)) return this.#writeOut(node);
    const { anchor } = anchorOf(node);
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    this.#open.add(node);
    const value = this.#collection(node);
    this.#open.delete(node);
    return value;
  }

  #collection(node: Node): Json {
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => this.#below(index, () => this.#node(item)));
    }
    const members = new Map<string, Json>();
    if (!isMap<Node, Node | null>(node)) return null;
    for (const { key, value } of node.items) {
      const name = keyText(key);
      this.#below(name, () => {
        this.#judgeKey(key, name, members);
        members.set(name, value === null ? null : this.#node(value));
      });
    }
    return Object.fromEntries(members);
  }

  #judgeKey(key: Node, name: string, members: ReadonlyMap<string, Json>): void {
    if (isScalar(key) && key.type === Scalar.PLAIN && name === "<<") {
      this.#complain(key, {
        code: "merge-key",
        message: "merge keys (<<) are not supported: write the fields out",
      });
    }
    const complaint = findKeyFault(name, this.#limits);
    if (complaint !== null) this.#complain(key, complaint);
    if (members.has(name)) this.#complain(key, duplicateKey(name));
  }

  #scalar(node: Scalar): Json {
    const { value, source } = node;
    if (typeof value === "string") {
      const complaint = findStringFault(value, this.#limits);
      if (complaint !== null) this.#complain(node, complaint);
      return value;
    }
    if (typeof value === "number") {
      const complaint = findNumberFault(numberSource(source ?? String(value)), value);
      if (complaint !== null) this.#complain(node, complaint);
      return value === 0 ? 0 : value;
    }
    return typeof value === "boolean" ? value : null;
  }

  #writeOut(alias: Alias): Json {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#complain(alias, {
        code: "unknown-alias",
        message: `*${alias.source} has no &${alias.source} before it`,
      });
      return null;
    }
    if (this.#open.has(target)) {
      this.#complain(alias, {
        code: "recursive-alias",
        message: `*${alias.source} stands inside what it names, so it would never end`,
      });
      return null;
    }
    this.targets.set(alias, target);
    const outermost = this.#alias;
    this.#alias ??= alias;
    const value = this.#node(target);
    this.#alias = outermost;
    return value;
  }

  #isTooMuch(node: Node): boolean {
    if (this.#full) return true;
    this.#values += 1;
    if (this.#values > this.#limits.keysMax * 4) {
      this.#full = true;
      this.#complain(node, tooManyKeys(this.#limits));
    } else if (this.#path.length > this.#limits.depthMax) {
      this.#full = true;
      const message = `the text is nested deeper than ${this.#limits.depthMax} levels`;
      this.#complain(node, { code: "too-deep", message });
    }
    return this.#full;
  }

  #below<T>(part: string | number, read: () => T): T {
    this.#path.push(part);
    const value = read();
    this.#path.pop();
    return value;
  }

  #complain(node: Node, complaint: Complaint): void {
    if (this.faults.length >= TEXT_FAULTS_MAX) return;
    const pointer = pointerOf(this.#path);
    this.faults.push({ ...complaint, offset: (this.#alias ?? node).range?.[0] ?? 0, pointer });
  }
}

/** What a key says; keys are text, whatever they look like. */
export function keyText(key: Node): string {
  return isScalar(key) && typeof key.value === "string" ? key.value : "";
}

function anchorOf(node: Node): { readonly anchor?: string | undefined } {
  return "anchor" in node ? node : {};
}

/** Hexadecimal digits hold an `e` that is no exponent. */
function numberSource(source: string): string {
  return /^0[xo]/.test(source) ? source.replaceAll(/[eE]/g, "0") : source;
}
