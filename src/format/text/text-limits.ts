import { DEFAULT_LIMITS, type Limits } from "../../core/limits.ts";

export type Syntax = "yaml" | "json";

/** What a text may be at most before anybody looks at what it says (SEC-15, SEC-16). */
export interface TextLimits {
  readonly bytesMax: number;
  readonly depthMax: number;
  readonly keysMax: number;
  readonly stringLengthMax: number;
  readonly aliasesMax: number;
}

const MIB = 1024 * 1024;
const KEYS_PER_STEP = 20;

/** The limits of one text. A raised step limit raises size and keys, for JSON only. */
export function textLimits(syntax: Syntax, limits: Limits): TextLimits {
  const raised = Math.max(1, limits.stepsMax / DEFAULT_LIMITS.stepsMax);
  const factor = syntax === "json" ? raised : 1;
  return {
    bytesMax: Math.floor((syntax === "json" ? 4 : 1) * MIB * factor),
    depthMax: 64,
    keysMax: Math.floor(KEYS_PER_STEP * DEFAULT_LIMITS.stepsMax * factor),
    stringLengthMax: MIB,
    aliasesMax: 100,
  };
}

/** The fault of a text that is too large, before it is parsed; null where it is not. */
export function findSizeFault(text: string, limits: TextLimits): string | null {
  const fits = text.length * 3 <= limits.bytesMax;
  if (fits) return null;
  const tooLarge =
    text.length > limits.bytesMax || new TextEncoder().encode(text).length > limits.bytesMax;
  return tooLarge
    ? `the text is larger than ${limits.bytesMax} bytes: split it into sub-plans (do: plan)`
    : null;
}
