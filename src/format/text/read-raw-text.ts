import type { Limits } from "../../core/limits.ts";
import type { RawResult } from "./raw-text.ts";
import { readJsonText } from "./read-json-text.ts";
import { readYamlText } from "./read-yaml-text.ts";
import { findSizeFault, textLimits, type Syntax } from "./text-limits.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** A text without the mark that some editors put before it; places count from what follows. */
export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Reads a text as data: first how large it is, then how it is built, then what it holds. */
export function readRawText(text: string, syntax: Syntax, limits: Limits): RawResult {
  const most = textLimits(syntax, limits);
  const tooLarge = findSizeFault(text, most);
  if (tooLarge !== null) {
    const fault = { code: "too-large", message: tooLarge, pointer: "", offset: 0 };
    return { ok: false, faults: [fault] };
  }
  return syntax === "json" ? readJsonText(text, most) : readYamlText(text, most);
}

/** The syntax of a file by the end of its name; YAML where that says nothing. */
export function syntaxOf(file: string | undefined): Syntax {
  return file?.toLowerCase().endsWith(".json") === true ? "json" : "yaml";
}
