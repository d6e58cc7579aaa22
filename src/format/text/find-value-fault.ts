import { FORBIDDEN_KEYS } from "../../core/forbidden-key.ts";
import type { TextLimits } from "./text-limits.ts";

/** A code and what it means here. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
}

/** What is wrong with a string of a plan, whatever it stands for; null where nothing is. */
export function findStringFault(text: string, limits: TextLimits): Complaint | null {
  if (text.length > limits.stringLengthMax) {
    return {
      code: "string-too-long",
      message: `a string may have ${limits.stringLengthMax} characters, this one has ${text.length}: put it into a file and name the file`,
    };
  }
  if (text.includes("\0")) {
    return { code: "nul-character", message: "a string may not hold the character U+0000" };
  }
  if (!text.isWellFormed()) {
    return {
      code: "malformed-unicode",
      message: "a string holds half of a surrogate pair: write the whole character",
    };
  }
  return null;
}

/** What is wrong with a key; null where nothing is. */
export function findKeyFault(key: string, limits: TextLimits): Complaint | null {
  if (FORBIDDEN_KEYS.has(key)) {
    return { code: "forbidden-key", message: `"${key}" may not be a key: choose another name` };
  }
  return findStringFault(key, limits);
}

/** What is wrong with a number as it is written; null where nothing is. */
export function findNumberFault(source: string, value: number): Complaint | null {
  if (!Number.isFinite(value)) {
    return {
      code: "number-not-finite",
      message: `${clip(source)} is no finite number: write one up to 1.7e308, or a string`,
    };
  }
  if (!/[.eE]/.test(source) && !Number.isSafeInteger(value)) {
    return {
      code: "number-not-exact",
      message: `${clip(source)} cannot be kept exactly (whole numbers go up to 9007199254740991): write it as a string`,
    };
  }
  return null;
}

function clip(source: string): string {
  return source.length > 40 ? `${source.slice(0, 37)}…` : source;
}
