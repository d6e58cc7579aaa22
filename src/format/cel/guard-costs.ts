import type { ASTNode } from "@marcbachmann/cel-js";
import { unwrap } from "./lazy-data.ts";
import type { Meter } from "./meter.ts";

const CHARACTERS_PER_CHARGE = 16;
/** A search compares each place with the whole of what is looked for, at worst. */
const COMPARISONS_PER_CHARGE = 1024;
const TEXT_LENGTH_MAX = 4 * 1024 * 1024;

/** The meter of the evaluation that is going on; evaluations are synchronous. */
let current: Meter | null = null;

/** Runs an evaluation whose guarded nodes charge this meter. */
export function withMeter<T>(meter: Meter, run: () => T): T {
  const before = current;
  current = meter;
  try {
    return run();
  } finally {
    current = before;
  }
}

/**
 * Makes a node of a checked tree charge for the sizes of what it works on, before it does. The
 * library has no such hook: a checked node carries the function that computes it, and that is
 * replaced. False where there is none, so that nothing unguarded is ever evaluated.
 */
export function guardCosts(node: ASTNode): boolean {
  const compute: unknown = Reflect.get(node, "handle");
  if (typeof compute !== "function") return false;
  const cost = costOf(node);
  return Reflect.set(node, "handle", (...operands: readonly unknown[]): unknown => {
    if (current !== null) cost(current, operands);
    return Reflect.apply(compute, undefined, operands);
  });
}

type Cost = (meter: Meter, operands: readonly unknown[]) => void;

function costOf(node: ASTNode): Cost {
  switch (node.op) {
    case "+":
      return (meter, [left, right]) => {
        meter.charge(flatSize(left) + flatSize(right));
        if (textLength(left) + textLength(right) > TEXT_LENGTH_MAX) {
          meter.charge(Number.POSITIVE_INFINITY);
        }
      };
    case "==":
    case "!=":
    case "in":
      return (meter, [left, right]) => {
        chargeDeep(meter, left);
        chargeDeep(meter, right);
      };
    default:
      return (meter, [args]) => {
        if (!Array.isArray(args)) return;
        const [subject, ...others]: readonly unknown[] = args;
        const searched = others.reduce<number>((sum, other) => sum + textLength(other), 0);
        const search = (textLength(subject) * searched) / COMPARISONS_PER_CHARGE;
        meter.charge(1 + flatSize(subject) + search);
      };
  }
}

/** The size of a value's own level. */
function flatSize(value: unknown): number {
  if (typeof value === "string") return 1 + value.length / CHARACTERS_PER_CHARGE;
  return Array.isArray(value) ? 1 + value.length : 1;
}

function textLength(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}

/**
 * Charges every part of a value that the expression made itself, also parts that it made once and
 * uses many times. Data charges on its own when it is looked at.
 */
function chargeDeep(meter: Meter, value: unknown): void {
  meter.charge(flatSize(value));
  if (typeof value !== "object" || value === null || unwrap(value) !== undefined) return;
  if (value instanceof Map) return;
  for (const part of Object.values(value)) chargeDeep(meter, part);
}
