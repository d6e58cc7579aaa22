import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import { parseExpression, type ParsedExpression } from "../expression.ts";
import { didYouMean } from "../suggest.ts";
import { hasTemplate } from "../template.ts";
import type { Ancestry } from "./ancestry.ts";
import {
  expressionPlaces,
  PLAN_NAMES,
  type Expectation,
  type ExpressionPlace,
} from "./expression-places.ts";
import { faultAt, type Path } from "./fault-at.ts";

/** What the expressions of one plan are judged by. */
export interface ExpressionJudging {
  readonly document: PlanDocument;
  readonly stepKeys: readonly string[];
  /** Null where it cannot be told who comes before whom. */
  readonly ancestry: Ancestry | null;
}

/** What is wrong with the expressions of one step. */
export function stepExpressionFaults(
  judging: ExpressionJudging,
  key: string,
  path: Path,
): readonly Fault[] {
  const step = judging.document.steps[key];
  if (step === undefined) return [];
  const { places, unclosed } = expressionPlaces(step, path);
  return [
    ...unclosed.map(({ path: at, below, message }) => {
      return { code: "unclosed-expression", message, pointer: pointerOf(at) + below };
    }),
    ...places.flatMap((place) => placeFaults(judging, place, key)),
    ...plainTextFaults(step, path),
  ];
}

/** What is wrong with the expression that gives the plan's answer. */
export function answerFaults(judging: ExpressionJudging, path: Path): readonly Fault[] {
  const { answer: source } = judging.document;
  if (source === undefined) return [];
  const at = [...path, "answer"];
  const place = { path: at, below: "", source, names: PLAN_NAMES, bare: true };
  return placeFaults(judging, { ...place, expects: "value" }, null);
}

function placeFaults(
  judging: ExpressionJudging,
  place: ExpressionPlace,
  key: string | null,
): readonly Fault[] {
  const pointer = pointerOf(place.path) + place.below;
  if (place.bare && place.source.includes("${{")) {
    const inner = place.source.replace(/^\s*\$\{\{\s*|\s*\}\}\s*$/g, "").slice(0, 60);
    const message = `an expression stands bare here: write ${inner} without \${{ }}`;
    return [{ code: "expression-syntax", message, pointer }];
  }
  const reading = parseExpression(place.source);
  if (!reading.ok) {
    return reading.faults.map(({ code, message, offset }) => {
      const where = `character ${offset + 1} of: ${clip(place.source)}`;
      return { code, message: `${message} (${where})`, pointer };
    });
  }
  return [
    ...nameComplaints(reading, place.names),
    ...referenceComplaints(reading, judging, key),
    ...inputComplaints(reading, judging.document),
    ...typeComplaints(reading, place.expects),
  ].map(({ code, message }) => ({
    code,
    message: `${message} (in: ${clip(place.source)})`,
    pointer,
  }));
}

interface Complaint {
  readonly code: string;
  readonly message: string;
}

const WHERE: Readonly<Record<string, string>> = {
  item: "only a step with forEach has items, and its when and forEach come before them",
  index: "only a step with forEach has items, and its when and forEach come before them",
  output: "only checks look at an output; steps.KEY.output is that of another step",
};

function nameComplaints(
  { names }: ParsedExpression,
  visible: ReadonlySet<string>,
): readonly Complaint[] {
  return names
    .filter((name) => !visible.has(name))
    .map((name) => {
      return { code: "unknown-name", message: `there is no ${name} here: ${WHERE[name] ?? ""}` };
    });
}

function referenceComplaints(
  { references }: ParsedExpression,
  { document, stepKeys, ancestry }: ExpressionJudging,
  key: string | null,
): readonly Complaint[] {
  return references.flatMap((reference) => {
    if (!Object.hasOwn(document.steps, reference)) {
      const hint = didYouMean(reference, stepKeys);
      const message = `there is no step "${reference.slice(0, 64)}"${hint}`;
      return [{ code: "unknown-reference", message }];
    }
    if (key === null || ancestry === null || ancestry(reference, key)) return [];
    const message =
      reference === key
        ? `"${key}" looks at itself: checks see its output as output`
        : `"${key}" looks at "${reference}" and does not come after it: add "${reference}" to its needs`;
    return [{ code: "unknown-reference", message }];
  });
}

function inputComplaints(
  { inputs }: ParsedExpression,
  document: PlanDocument,
): readonly Complaint[] {
  const declared = document.inputs ?? {};
  return inputs
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => {
      const hint = didYouMean(name, Object.keys(declared)) || "; declare it under inputs";
      return { code: "unknown-input", message: `there is no input "${name.slice(0, 64)}"${hint}` };
    });
}

function typeComplaints({ type }: ParsedExpression, expects: Expectation): readonly Complaint[] {
  if (type.startsWith("optional")) {
    return [
      {
        code: "expression-type",
        message: "an optional has no value of its own: end with .orValue(…)",
      },
    ];
  }
  if (expects === "value" || type === "dyn" || type.startsWith("dyn<")) return [];
  const isRight =
    expects === "condition" ? type === "bool" : type === "list" || type.startsWith("list<");
  if (isRight) return [];
  const wanted = expects === "condition" ? "true or false" : "a list";
  return [{ code: "expression-type", message: `must come to ${wanted}, not ${type}` }];
}

/** Text of a step that is shown or compared as it stands. */
const PLAIN_TEXTS = ["title", "objective", "notes", "owner"] as const;

function plainTextFaults(step: StepDocument, path: Path): readonly Fault[] {
  return PLAIN_TEXTS.flatMap((field) => {
    if (!hasTemplate(step[field])) return [];
    const message = `nothing is filled into ${field}: expressions stand in with, request and checks`;
    return [faultAt("expression-not-allowed", [...path, field], message)];
  });
}

function clip(source: string): string {
  return source.length > 80 ? `${source.slice(0, 79)}…` : source;
}
