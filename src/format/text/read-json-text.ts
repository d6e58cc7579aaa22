import { pointerOf } from "../../core/graph/fault.ts";
import type { Json } from "../../core/json.ts";
import {
  findKeyFault,
  findNumberFault,
  findStringFault,
  type Complaint,
} from "./find-value-fault.ts";
import { locateInJson } from "./locate-in-json.ts";
import { TEXT_FAULTS_MAX, type RawResult } from "./raw-text.ts";
import type { OffsetFault } from "./text-fault.ts";
import type { TextLimits } from "./text-limits.ts";
import { walkJson, type JsonVisitor } from "./walk-json.ts";

/** Reads a JSON text: its limits are judged on the way through the text, before anything is built. */
export function readJsonText(text: string, limits: TextLimits): RawResult {
  const judge = new JsonJudge(limits);
  const broken = walkJson(text, limits.depthMax, judge);
  const faults = broken === null ? judge.faults : [...judge.faults, { ...broken, pointer: "" }];
  if (faults.length > 0) return { ok: false, faults };
  const value: Json = text.includes("-0")
    ? JSON.parse(text, withoutNegativeZero)
    : JSON.parse(text);
  return { ok: true, raw: { value, locate: (paths) => locateInJson(text, paths) } };
}

/** JSON can write -0 and no hash can tell it from 0. */
function withoutNegativeZero(_key: string, value: Json): Json {
  return value === 0 ? 0 : value;
}

interface Frame {
  /** Keys seen so far; null in a list. */
  readonly keys: Set<string> | null;
  key: string;
  index: number;
}

class JsonJudge implements JsonVisitor {
  readonly faults: OffsetFault[] = [];
  readonly #limits: TextLimits;
  readonly #frames: Frame[] = [];
  #keyCount = 0;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  open(kind: "object" | "list"): void {
    this.#enterItem();
    this.#frames.push({ keys: kind === "object" ? new Set() : null, key: "", index: -1 });
  }

  close(): void {
    this.#frames.pop();
  }

  key(offset: number, source: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.keys === null) return;
    frame.key = decode(source);
    this.#keyCount += 1;
    if (this.#keyCount === this.#limits.keysMax + 1)
      this.#complain(offset, tooManyKeys(this.#limits));
    const complaint = findKeyFault(frame.key, this.#limits);
    if (complaint !== null) this.#complain(offset, complaint);
    if (frame.keys.has(frame.key)) this.#complain(offset, duplicateKey(frame.key));
    frame.keys.add(frame.key);
  }

  scalar(offset: number, source: string): void {
    this.#enterItem();
    const first = source.codePointAt(0) ?? 0;
    let complaint: Complaint | null = null;
    if (source.startsWith('"')) complaint = findStringFault(decode(source), this.#limits);
    else if (first < 0x3a) complaint = findNumberFault(source, Number(source));
    if (complaint !== null) this.#complain(offset, complaint);
  }

  #enterItem(): void {
    const frame = this.#frames.at(-1);
    if (frame?.keys === null) frame.index += 1;
  }

  #complain(offset: number, complaint: Complaint): void {
    if (this.faults.length >= TEXT_FAULTS_MAX) return;
    const path = this.#frames.map((frame) => (frame.keys === null ? frame.index : frame.key));
    this.faults.push({ ...complaint, offset, pointer: pointerOf(path) });
  }
}

/** The complaint about a key that stands twice in one object. */
export function duplicateKey(key: string): Complaint {
  return { code: "duplicate-key", message: `"${key}" stands here twice: keep one of them` };
}

/** The complaint about a text with too many keys. */
export function tooManyKeys(limits: TextLimits): Complaint {
  return {
    code: "too-many-keys",
    message: `the text has more keys and values than the ${limits.keysMax} keys allow: split it into sub-plans (do: plan)`,
  };
}

function decode(source: string): string {
  if (!source.includes("\\")) return source.slice(1, -1);
  const decoded: unknown = JSON.parse(source);
  return String(decoded);
}
