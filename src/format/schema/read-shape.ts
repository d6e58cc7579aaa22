import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import { planSchema } from "../plan-schema.ts";
import { describeIssue, nameKnownFields, type ShapeFault } from "./describe-issue.ts";

/** A value as a plan, or what is wrong with its shape and as much of the plan as can be mended. */
export type ShapeReading =
  | { readonly ok: true; readonly document: PlanDocument }
  | {
      readonly ok: false;
      readonly faults: readonly Fault[];
      /** Without what is wrong; null where too much is. */
      readonly mended: MendedPlan | null;
    };

/** A plan that lost fields, so that the rest of it can be checked in the same go. */
export interface MendedPlan {
  readonly document: PlanDocument;
  /** Pointers of the steps that lost something. */
  readonly broken: ReadonlySet<string>;
  /** Keys of steps that are gone. */
  readonly gone: ReadonlySet<string>;
}

/** The address of the schema is for editors, and no part of a plan. */
export function withoutSchemaAddress(value: Json): Json {
  if (!isJsonObject(value) || typeof value["$schema"] !== "string") return value;
  return Object.fromEntries(Object.entries(value).filter(([field]) => field !== "$schema"));
}

/** Judges the shape of a plan: which fields there are, and of which type. */
export function readShape(value: Json): ShapeReading {
  const { document, faults } = parse(value);
  if (document !== null) return { ok: true, document };
  return { ok: false, faults: faults.map(plainFault), mended: mendPlan(value, faults) };
}

function parse(value: Json): {
  readonly document: PlanDocument | null;
  readonly faults: readonly ShapeFault[];
} {
  // Checked by walking the schema: nothing is compiled at run time.
  const result = planSchema.safeParse(value, { jitless: true, error: nameKnownFields });
  if (result.success) return { document: result.data, faults: [] };
  const faults = result.error.issues.flatMap((issue) => describeIssue(value, issue));
  return { document: null, faults };
}

function plainFault({ code, message, pointer }: ShapeFault): Fault {
  return { code, message, pointer };
}

function mendPlan(value: Json, faults: readonly ShapeFault[]): MendedPlan | null {
  const mending = new Mending();
  const mended = mending.plan(value, faults, []);
  if (mended === null) return null;
  const { document } = parse(mended);
  return document === null ? null : { document, broken: mending.broken, gone: mending.gone };
}

interface Cut {
  /** From the plan that is being mended. */
  readonly path: readonly string[];
  readonly code: string;
}

class Mending {
  readonly broken = new Set<string>();
  readonly gone = new Set<string>();

  plan(value: Json, cuts: readonly Cut[], at: readonly string[]): Json | null {
    if (!isJsonObject(value) || !isJsonObject(value["steps"])) return null;
    const lost = new Set(cuts.map(({ path }) => path[0]).filter((field) => field !== "steps"));
    const kept = Object.entries(value).filter(([field]) => !lost.has(field));
    const steps = this.#steps(value["steps"], cuts, at);
    return {
      ...Object.fromEntries(kept),
      plan: lost.has("plan") ? "plan" : (value["plan"] ?? "plan"),
      steps,
    };
  }

  #steps(steps: JsonObject, cuts: readonly Cut[], at: readonly string[]): JsonObject {
    const byStep = Map.groupBy(
      cuts.filter(({ path }) => path[0] === "steps" && path.length > 1),
      ({ path }) => path[1] ?? "",
    );
    const kept: [string, Json | undefined][] = [];
    for (const [key, step] of Object.entries(steps)) {
      const own = byStep.get(key);
      if (own === undefined) kept.push([key, step]);
      else if (own.some((cut) => cut.code === "invalid-key")) this.gone.add(key);
      else kept.push([key, this.#step(step, own, [...at, "steps", key])]);
    }
    return Object.fromEntries(kept);
  }

  #step(step: Json | undefined, cuts: readonly Cut[], at: readonly string[]): JsonObject {
    this.broken.add(pointerOf(at));
    if (!isJsonObject(step)) return STAND_IN;
    const inPlan = cuts.filter(({ path }) => path[2] === "plan" && path.length > 3);
    const lost = new Set(cuts.filter((cut) => !inPlan.includes(cut)).map(({ path }) => path[2]));
    const kept = Object.fromEntries(Object.entries(step).filter(([field]) => !lost.has(field)));
    const { plan, ...others } = kept;
    const mended =
      lost.has("do") || others["do"] === undefined ? { ...others, ...STAND_IN } : others;
    if (plan === undefined) return mended;
    const below = inPlan.map(({ path, code }) => ({ path: path.slice(3), code }));
    const subPlan = below.length === 0 ? plan : this.plan(plan, below, [...at, "plan"]);
    return subPlan === null ? mended : { ...mended, plan: subPlan };
  }
}

/** A step of which nothing more is asked. */
const STAND_IN: JsonObject = { do: "external" };
