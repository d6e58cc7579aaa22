import type { Fault } from "../graph/fault.ts";
import { isJsonObject, type Json, type JsonSchema } from "../json.ts";
import { findForbiddenKey } from "../forbidden-key.ts";
import { jsonBytes } from "../json-size.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { CheckDocument } from "../plan/document.ts";
import type { CheckReport, Feedback } from "../plan/event.ts";
import { inputOf } from "./fill-in.ts";
import { isLeftOver } from "./left-over.ts";
import { specOf, stepOf } from "./lookup.ts";
import type { Outcome, StepError } from "./outcome.ts";
import { scopeOf } from "./scope.ts";

type Success = Extract<Outcome, { kind: "succeeded" }>;

/** What an output came to: fit, not what was declared, or to be done again with feedback. */
export type OutputVerdict =
  | { readonly kind: "fit" }
  | { readonly kind: "unfit"; readonly error: StepError }
  | {
      readonly kind: "feedback";
      readonly error: StepError;
      readonly feedback: readonly Feedback[];
    };

interface CheckVerdict {
  readonly report: CheckReport;
  readonly problem: string | null;
}

/** Judges what an attempt brought by the step's schema and checks, and tells each check's result. */
export function judgeOutput(
  deciding: Deciding,
  stepKey: string,
  attempt: number,
  outcome: Success,
): OutputVerdict {
  const misfit = findMisfit(deciding, stepKey, outcome.output);
  if (misfit !== null) return { kind: "unfit", error: misfit };
  const { verify } = specOf(deciding.plan, stepKey).document;
  const feedback: Feedback[] = [];
  for (const [index, check] of (verify?.checks ?? []).entries()) {
    const { report, problem } = judgeCheck(deciding, stepKey, outcome, check, index);
    if (problem === null) {
      deciding.emit("check.passed", report, { stepKey, attempt });
    } else {
      deciding.emit("check.failed", { ...report, message: problem }, { stepKey, attempt });
      feedback.push({ check: report.check, message: problem });
    }
  }
  if (feedback.length === 0) return { kind: "fit" };
  const error = verificationError(feedback);
  const step = stepOf(deciding.plan, stepKey);
  const goesOn = deciding.plan.ending === null && !isLeftOver(deciding.plan, step);
  return goesOn && step.loops < (verify?.loops ?? 0)
    ? { kind: "feedback", error, feedback }
    : { kind: "unfit", error };
}

function verificationError(feedback: readonly Feedback[]): StepError {
  const message = feedback.map((entry) => `${entry.check}: ${entry.message}`).join("; ");
  return { code: "verification-failed", message, retryable: false };
}

function findMisfit(deciding: Deciding, stepKey: string, output: Json): StepError | null {
  const { plan } = deciding;
  const key = findForbiddenKey(output);
  if (key !== null) {
    const message = `the output has the key "${key}", which nothing that is stored may have`;
    return { code: "output-invalid", message, retryable: false };
  }
  const bytes = jsonBytes(output);
  if (bytes > plan.limits.valueBytesMax) {
    const message = `the output is ${bytes} bytes, more than ${plan.limits.valueBytesMax}; publish large values as artifacts`;
    return { code: "output-too-large", message, retryable: false };
  }
  const { output: declared } = specOf(plan, stepKey).document;
  const schema = declared === undefined ? undefined : schemaOf(deciding, declared);
  const fault = schema === undefined ? undefined : validate(deciding, schema, output)[0];
  if (fault === undefined) return null;
  const message = `the output does not fit its schema at ${tell(fault)}`;
  // An effect that must not happen twice has happened, whatever it brought.
  const retryable = specOf(plan, stepKey).effect !== "once";
  return { code: "output-invalid", message, retryable, pointer: fault.pointer };
}

function judgeCheck(
  deciding: Deciding,
  stepKey: string,
  outcome: Success,
  check: CheckDocument,
  index: number,
): CheckVerdict {
  const round = stepOf(deciding.plan, stepKey).loops + 1;
  const subject = subjectOf(deciding, stepKey, outcome);
  if ("expression" in check) {
    const report = { check: check.name ?? check.expression, kind: "expression", round } as const;
    return { report, problem: judgeExpression(deciding, stepKey, check.expression, subject) };
  }
  if ("schema" in check) {
    const fault = validate(deciding, schemaOf(deciding, check.schema), subject)[0];
    const report = { check: check.name ?? `schema ${index + 1}`, kind: "schema", round } as const;
    return { report, problem: fault === undefined ? null : tell(fault) };
  }
  const result = outcome.checks?.find((entry) => entry.index === index);
  const report = {
    check:
      check.name ?? check.command.run ?? check.command.argv?.join(" ") ?? `command ${index + 1}`,
    kind: "command",
    round,
    ...(result?.exitCode === undefined ? {} : { exitCode: result.exitCode }),
    ...(result?.artifactId === undefined ? {} : { artifactId: result.artifactId }),
  } as const;
  if (result?.passed === true) return { report, problem: null };
  return { report, problem: result?.message ?? "the worker did not run it" };
}

/** A `verify` step judges what it was handed; every other step what it brought. */
function subjectOf(deciding: Deciding, stepKey: string, outcome: Success): Json {
  const { plan, pure } = deciding;
  if (specOf(plan, stepKey).kind !== "verify") return outcome.output;
  const input = inputOf(plan, pure, stepKey);
  if (!input.ok) return null;
  if (!isJsonObject(input.value)) return input.value;
  const { subject = input.value } = input.value;
  return subject;
}

function judgeExpression(
  deciding: Deciding,
  stepKey: string,
  source: string,
  output: Json,
): string | null {
  const verdict = deciding.pure.evaluate(source, scopeOf(deciding.plan, stepKey, output));
  if (!verdict.ok) return verdict.message;
  if (verdict.value === true) return null;
  return verdict.value === false
    ? "is not true"
    : `must come to true or false, not ${JSON.stringify(verdict.value)}`;
}

function schemaOf(deciding: Deciding, declared: JsonSchema | string): JsonSchema {
  if (typeof declared !== "string") return declared;
  const { schemas = {} } = deciding.plan.graph.document;
  return (Object.hasOwn(schemas, declared) ? schemas[declared] : undefined) ?? false;
}

function tell({ pointer, message }: Fault): string {
  return `${pointer === "" ? "/" : pointer}: ${message}`;
}

function validate(deciding: Deciding, schema: JsonSchema, value: Json) {
  return deciding.pure.validate(schema, value, deciding.plan.graph.document.schemas);
}
