import { CST, Lexer, Parser } from "yaml";
import type { Complaint } from "./find-value-fault.ts";
import { TEXT_FAULTS_MAX } from "./raw-text.ts";
import { tooManyKeys } from "./read-json-text.ts";
import type { OffsetFault } from "./text-fault.ts";
import type { TextLimits } from "./text-limits.ts";

/** The tokens of a YAML text within its limits. */
export type YamlScan =
  | { readonly ok: true; readonly tokens: readonly CST.Token[] }
  | { readonly ok: false; readonly faults: readonly OffsetFault[] };

/** Keys, values, signs and spaces that a text may be made of, for each key that it may have. */
const PARTS_PER_KEY = 10;

/**
 * Splits a YAML text into tokens, and stops where a limit is passed: depth, keys and aliases are
 * counted before any node is made (SEC-15, SEC-16).
 */
export function scanYaml(text: string, limits: TextLimits): YamlScan {
  return new YamlScanner(limits).scan(text);
}

class YamlScanner {
  readonly #limits: TextLimits;
  readonly #parser = new Parser();
  readonly #tokens: CST.Token[] = [];
  readonly #faults: OffsetFault[] = [];
  #keys = 0;
  #aliases = 0;
  #parts = 0;
  #scalarFollows = false;
  #afterComma = false;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  scan(text: string): YamlScan {
    for (const lexeme of new Lexer().lex(text)) {
      const complaint = this.#judge(lexeme);
      if (complaint !== null) this.#complain(complaint, this.#parser.offset);
      if (complaint?.stop === true || this.#faults.length >= TEXT_FAULTS_MAX) break;
      for (const token of this.#parser.next(lexeme)) this.#keep(token);
      if (this.#isTooDeep()) break;
    }
    if (this.#faults.length > 0) return { ok: false, faults: this.#faults };
    for (const token of this.#parser.end()) this.#keep(token);
    return { ok: true, tokens: this.#tokens };
  }

  #complain(complaint: Complaint, offset: number): void {
    const { code, message } = complaint;
    this.#faults.push({ code, message, offset, pointer: "" });
  }

  /** Text that is no YAML at all is not read to its end. */
  #keep(token: CST.Token): void {
    this.#tokens.push(token);
    if (token.type !== "error") return;
    const message = token.message.charAt(0).toLowerCase() + token.message.slice(1);
    this.#complain({ code: "syntax", message }, token.offset);
  }

  #isTooDeep(): boolean {
    const { stack } = this.#parser;
    const { depthMax } = this.#limits;
    if (stack.length <= depthMax) return false;
    const deepest = stack.filter((token) => CST.isCollection(token))[depthMax];
    if (deepest === undefined) return false;
    const message = `the text is nested deeper than ${depthMax} levels`;
    this.#complain({ code: "too-deep", message }, deepest.offset);
    return true;
  }

  #judge(lexeme: string): (Complaint & { readonly stop?: true }) | null {
    this.#parts += 1;
    if (this.#parts > this.#limits.keysMax * PARTS_PER_KEY) {
      return { ...tooManyKeys(this.#limits), stop: true };
    }
    if (this.#scalarFollows) {
      this.#scalarFollows = false;
      return null;
    }
    const type = CST.tokenType(lexeme);
    const afterComma = this.#afterComma;
    if (!isSpace(type)) this.#afterComma = type === "comma" || type === "flow-seq-start";
    switch (type) {
      case "scalar":
        this.#scalarFollows = true;
        return null;
      case "comma":
        return afterComma
          ? { code: "syntax", message: "there is nothing before this comma" }
          : null;
      case "map-value-ind":
      case "explicit-key-ind":
        this.#keys += 1;
        if (this.#keys <= this.#limits.keysMax) return null;
        return { ...tooManyKeys(this.#limits), stop: true };
      case "alias":
        this.#aliases += 1;
        if (this.#aliases <= this.#limits.aliasesMax) return null;
        return {
          code: "too-many-aliases",
          message: `the text has more than ${this.#limits.aliasesMax} aliases: write the values out`,
          stop: true,
        };
      case "tag":
        return {
          code: "tag-not-allowed",
          message: `the tag ${clip(lexeme)} is not allowed: write the value plainly, or in quotes where it is text`,
        };
      case "directive-line":
        return {
          code: "directive-not-allowed",
          message: `the directive ${clip(lexeme)} is not allowed: plans are YAML 1.2 as it is`,
        };
      default:
        return null;
    }
  }
}

function isSpace(type: CST.TokenType | null): boolean {
  return type === "space" || type === "newline" || type === "comment";
}

function clip(source: string): string {
  return source.length > 40 ? `${source.slice(0, 37)}…` : source;
}
