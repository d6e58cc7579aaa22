import { parseDuration } from "../../core/duration.ts";
import type { Fault } from "../../core/graph/fault.ts";
import type { StepDocument, StepKind, WaitDocument } from "../../core/plan/document.ts";
import { parseTimestamp } from "../../core/timestamp.ts";
import { didYouMean } from "../suggest.ts";
import { hasTemplate } from "../template.ts";
import { commandFieldFaults, environmentFaults, programFaults } from "./command-fields.ts";
import { faultAt, type Path } from "./fault-at.ts";
import { requestFaults } from "./request-fields.ts";

/** What this place can carry out; null where any kind or tool will do. */
export interface Executors {
  readonly kinds: ReadonlySet<string> | null;
  readonly tools: ReadonlySet<string> | null;
}

/** What is wrong with the fields of one step taken together: each kind has its own. */
export function stepFieldFaults(
  step: StepDocument,
  path: Path,
  executors: Executors,
): readonly Fault[] {
  return [
    ...executorFaults(step, path, executors),
    ...strayFieldFaults(step, path),
    ...kindFaults(step, path),
    ...timeFaults(step.at, [...path, "at"]),
    ...checkFaults(step, path),
  ];
}

function checkFaults(step: StepDocument, path: Path): readonly Fault[] {
  return (step.verify?.checks ?? []).flatMap((check, index) => {
    if (!("command" in check)) return [];
    const at = [...path, "verify", "checks", index, "command"];
    return [
      ...programFaults(check.command, at),
      ...environmentFaults(check.command.env, [...at, "env"]),
    ];
  });
}

function executorFaults(
  step: StepDocument,
  path: Path,
  { kinds, tools }: Executors,
): readonly Fault[] {
  if (kinds !== null && !kinds.has(step.do)) {
    const message = `nothing here carries out steps of kind ${step.do}; there are ${[...kinds].join(", ")}`;
    return [faultAt("unknown-executor", [...path, "do"], message)];
  }
  if (step.do !== "tool" || step.owner === undefined) return [];
  if (tools === null || tools.has(step.owner)) return [];
  const known = [...tools];
  const hint = didYouMean(step.owner, known) || `; there are ${known.slice(0, 20).join(", ")}`;
  return [faultAt("unknown-tool", [...path, "owner"], `there is no tool ${step.owner}${hint}`)];
}

/** Fields that one kind alone reads. */
const OWN_FIELDS = [
  { field: "request", kind: "human" },
  { field: "wait", kind: "wait" },
  { field: "plan", kind: "plan" },
] as const satisfies readonly { readonly field: keyof StepDocument; readonly kind: StepKind }[];

function strayFieldFaults(step: StepDocument, path: Path): readonly Fault[] {
  const stray = OWN_FIELDS.filter(
    ({ field, kind }) => step[field] !== undefined && step.do !== kind,
  );
  const faults = stray.map(({ field, kind }) => {
    const message = `a step of kind ${step.do} has no ${field}: that belongs to do: ${kind}`;
    return faultAt("field-not-for-kind", [...path, field], message);
  });
  if (step.do !== "wait" || step.with === undefined) return faults;
  const message = "a step of kind wait reads no with: it takes all from wait";
  return [...faults, faultAt("field-not-for-kind", [...path, "with"], message)];
}

function kindFaults(step: StepDocument, path: Path): readonly Fault[] {
  switch (step.do) {
    case "command":
      return commandFieldFaults(
        step.with ?? {},
        step.with === undefined ? path : [...path, "with"],
      );
    case "tool":
      return step.owner === undefined ? [missing(path, "owner", "the name of the tool")] : [];
    case "human":
      return step.request === undefined
        ? [missing(path, "request", "what is asked: { kind, title, assignees }")]
        : requestFaults(step.request, [...path, "request"]);
    case "wait":
      return step.wait === undefined
        ? [missing(path, "wait", "one of { for }, { until } and { signal }")]
        : waitFaults(step.wait, [...path, "wait"]);
    case "plan":
      return step.plan === undefined
        ? [missing(path, "plan", "the sub-plan, or the path of its file")]
        : [];
    case "verify":
      return step.verify === undefined
        ? [missing(path, "verify", "{ checks: […] }, and with.subject is what they look at")]
        : [];
    case "agent":
    case "external":
      return [];
  }
}

function waitFaults(wait: WaitDocument, path: Path): readonly Fault[] {
  const given = (["for", "until", "signal"] as const).filter((field) => wait[field] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none" : given.join(" and ");
    const message = `wait has exactly one of for, until and signal, not ${found}`;
    return [faultAt("conflicting-fields", path, message)];
  }
  return [
    ...pauseFaults(wait.for, [...path, "for"]),
    ...timeFaults(wait.until, [...path, "until"]),
  ];
}

function pauseFaults(text: string | undefined, path: Path): readonly Fault[] {
  if (text === undefined || hasTemplate(text) || parseDuration(text) !== null) return [];
  const message = `${JSON.stringify(text.slice(0, 40))} is no duration: write 30s, 10m or 1h30m, up to ten years`;
  return [faultAt("wrong-format", path, message)];
}

function timeFaults(text: string | undefined, path: Path): readonly Fault[] {
  if (text === undefined || hasTemplate(text) || parseTimestamp(text) !== null) return [];
  const message = `${JSON.stringify(text.slice(0, 40))} is no time: write it as 2026-03-01T09:00:00Z`;
  return [faultAt("wrong-format", path, message)];
}

function missing(path: Path, field: string, what: string): Fault {
  return faultAt("missing-field", [...path, field], `"${field}" is missing: ${what}`);
}
