import { RE2JS } from "re2js";

/** A pattern longer than this is refused, in UTF-16 code units (SEC-25). */
const PATTERN_LENGTH_MAX = 1024;
/** Counted repetitions multiply a pattern: this is what it may come to. */
const PROGRAM_SIZE_MAX = 20_000;
const CACHE_SIZE = 256;

/** Judges a text in time that grows with its length and no faster. */
export type Judge = (text: string) => boolean;

export type PatternReading =
  | {
      readonly ok: true;
      readonly judge: Judge;
      /** Instructions: a judgement takes at most so many steps for each character. */
      readonly size: number;
    }
  | { readonly ok: false; readonly message: string };

const cache = new Map<string, PatternReading>();

/** Reads a pattern of JSON Schema as RE2: no look-around, no back-references, no backtracking. */
export function readPattern(source: string): PatternReading {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const reading = compile(source);
  const [oldest] = cache.keys();
  if (cache.size >= CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  cache.set(source, reading);
  return reading;
}

function compile(source: string): PatternReading {
  if (source.length > PATTERN_LENGTH_MAX) {
    return { ok: false, message: `a pattern may have ${PATTERN_LENGTH_MAX} characters` };
  }
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
    const size = pattern.programSize();
    if (size > PROGRAM_SIZE_MAX) {
      return { ok: false, message: "the pattern repeats too much: lower its counts" };
    }
    return { ok: true, judge: (text) => pattern.test(text), size };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return {
      ok: false,
      message: `the pattern is not RE2 syntax (${why}): look-around and back-references are not available`,
    };
  }
}
