import type { Fault } from "../../core/graph/fault.ts";
import { pointerOf } from "../../core/graph/fault.ts";

/**
 * What Planwright needs of a schema library: the interface that zod, valibot, arktype and others
 * share (Standard Schema, version 1).
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** For the compiler alone; never there. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export function isStandardSchema(value: unknown): value is StandardSchema<unknown, unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "~standard" in value
  );
}

/** An issue as a fault with its place. */
export function faultOf(issue: StandardIssue): Fault {
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  const pointer = pointerOf(path.map((key) => (typeof key === "symbol" ? String(key) : key)));
  return { code: "invalid", message: issue.message, pointer };
}
