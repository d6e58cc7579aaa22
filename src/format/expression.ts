import {
  EvaluationError,
  ParseError,
  type ParseResult,
  type TypeError,
} from "@marcbachmann/cel-js";
import type { Evaluated, Scope } from "../core/pure.ts";
import { celEnvironment, NAMES, SOURCE_LENGTH_MAX } from "./cel/environment.ts";
import { guardCosts, withMeter } from "./cel/guard-costs.ts";
import { judgeTree, type ExpressionFault } from "./cel/judge-tree.ts";
import { LazySteps, wrap } from "./cel/lazy-data.ts";
import { CostError, createMeter, type Meter } from "./cel/meter.ts";
import { toJson } from "./cel/to-json.ts";

export type { ExpressionFault } from "./cel/judge-tree.ts";

/** An expression that may be evaluated, with what its text says about it. */
export interface ParsedExpression {
  readonly ok: true;
  /** Keys of the steps that it looks at. */
  readonly references: readonly string[];
  /** Names of the inputs that it looks at. */
  readonly inputs: readonly string[];
  /** Which of `inputs`, `plan`, `steps`, `item`, `index` and `output` it uses. */
  readonly names: readonly string[];
  /** What it will come to, as far as can be told: `bool`, `list`, …, or `dyn`. */
  readonly type: string;
}

/** What there is to say about the text of an expression before it is evaluated. */
export type ExpressionReading =
  | ParsedExpression
  | { readonly ok: false; readonly faults: readonly ExpressionFault[] };

/** Reads one bare CEL expression; nothing that is not allowed comes through. */
export function parseExpression(source: string): ExpressionReading {
  return readCached(source).reading;
}

/** Evaluates one bare CEL expression over a scope; it always ends, and never throws. */
export function evaluateExpression(source: string, scope: Scope): Evaluated {
  const { reading, run, nodeCount } = readCached(source);
  if (!reading.ok || run === null) return { ok: false, message: firstFault(source, reading) };
  const meter = createMeter(nodeCount);
  try {
    const value: unknown = withMeter(meter, () => run(contextOf(reading, scope, meter)));
    // Inside `all`, `exists`, `||` and `&&` an error may be swallowed; this one may not.
    if (meter.exhausted) throw new CostError();
    const result = toJson(value);
    return result.ok ? result : { ok: false, message: `${result.message} (in: ${clip(source)})` };
  } catch (error) {
    return { ok: false, message: explainFailure(source, error) };
  }
}

interface Cached {
  readonly reading: ExpressionReading;
  readonly run: ParseResult | null;
  readonly nodeCount: number;
}

const CACHE_SIZE = 512;
const cache = new Map<string, Cached>();

function readCached(source: string): Cached {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const made = read(source);
  if (cache.size >= CACHE_SIZE) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(source, made);
  return made;
}

function read(source: string): Cached {
  if (source.length > SOURCE_LENGTH_MAX) {
    const message = `the expression is longer than ${SOURCE_LENGTH_MAX} characters`;
    return refused([{ code: "expression-too-large", message, offset: 0 }]);
  }
  try {
    return judge(celEnvironment().parse(source));
  } catch (error) {
    return refused([explainSyntax(error)]);
  }
}

function judge(parsed: ParseResult): Cached {
  const tree = judgeTree(parsed.ast);
  if (tree.faults.length > 0) return refused(tree.faults);
  const { valid, type, error } = parsed.check();
  if (!valid || type === undefined) return refused([explainType(error)]);
  if (!tree.costly.every(guardCosts)) {
    const message = "the expression cannot be evaluated within bounds";
    return refused([{ code: "not-allowed", message, offset: 0 }]);
  }
  const reading: ParsedExpression = {
    ok: true,
    references: [...tree.references],
    inputs: [...tree.inputs],
    names: [...tree.names],
    type,
  };
  return { reading, run: parsed, nodeCount: tree.nodeCount };
}

function refused(faults: readonly ExpressionFault[]): Cached {
  return { reading: { ok: false, faults }, run: null, nodeCount: 0 };
}

function explainSyntax(error: unknown): ExpressionFault {
  if (!(error instanceof ParseError)) {
    return { code: "expression-syntax", message: "the expression cannot be read", offset: 0 };
  }
  const offset = error.range?.start ?? 0;
  if (error.code === "limit_exceeded") {
    const message = `the expression is too large: ${error.summary}; make two steps of it`;
    return { code: "expression-too-large", message, offset };
  }
  return { code: "expression-syntax", message: lower(error.summary), offset };
}

const HAS =
  "has(…) takes a field that is reached by names alone, as in has(inputs.a.b); elsewhere write .?field.hasValue()";

function explainType(error: ParseError | TypeError | undefined): ExpressionFault {
  let message = error === undefined ? "the types do not fit" : tidy(error.summary);
  if (error?.code === "invalid_macro_argument") message = HAS;
  return { code: "expression-type", message, offset: error?.range?.start ?? 0 };
}

function contextOf(
  parsed: ParsedExpression,
  scope: Scope,
  meter: Meter,
): Readonly<Record<string, unknown>> {
  const context = new Map<string, unknown>();
  for (const name of parsed.names) {
    const value = valueOf(name, scope, meter);
    if (value !== undefined) context.set(name, value);
  }
  return Object.fromEntries(context);
}

function valueOf(name: string, scope: Scope, meter: Meter): unknown {
  switch (name) {
    case "inputs":
      return wrap(scope.inputs, meter);
    case "plan":
      return wrap(scope.plan, meter);
    case "steps":
      return new LazySteps((key) => scope.step(key), meter);
    case "item":
      return wrap(scope.item, meter);
    case "index":
      return scope.index;
    default:
      return wrap(scope.output, meter);
  }
}

function firstFault(source: string, reading: ExpressionReading): string {
  const [fault] = reading.ok ? [] : reading.faults;
  return fault === undefined
    ? "the expression cannot be evaluated"
    : `${fault.message} (character ${fault.offset + 1} of: ${clip(source)})`;
}

function explainFailure(source: string, error: unknown): string {
  if (error instanceof CostError) return `${error.message} (in: ${clip(source)})`;
  if (!(error instanceof EvaluationError)) {
    return `the expression grows beyond all bounds (in: ${clip(source)})`;
  }
  const { node } = error;
  const part = node === undefined ? source : source.slice(node.start, node.end);
  return `${explainCode(error, part)} (character ${(node?.start ?? 0) + 1} of: ${clip(source)})`;
}

function explainCode(error: EvaluationError, part: string): string {
  switch (error.code) {
    case "no_such_key":
      return `${clip(part)} is not there; has(…) asks whether it is, and base.?field.orValue(…) gives another value`;
    case "unknown_variable":
      return `${clip(part)} is not there: it is ${NAMES[part] ?? "unknown"}`;
    default:
      return tidy(error.summary);
  }
}

/** The library's words, with the hint that its numbers need. */
function tidy(summary: string): string {
  const text = clip(lower(summary).replaceAll(/dyn<([^<>]+)>/g, "$1"), 160);
  const mixes = /no such overload|no matching overload/.test(text);
  if (!mixes) return text;
  if (/string \+|\+ string/.test(text)) return `${text}; string(…) makes text of a number`;
  return /double/.test(text) ? `${text}; int(…) makes a whole number` : text;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function clip(text: string, lengthMax = 80): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}
