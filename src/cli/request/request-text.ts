import type { Json } from "../../core/json.ts";
import type { RequestView } from "../../core/plan/view.ts";
import { indent, showValue } from "../screen/show-value.ts";
import { table } from "../screen/table.ts";
import { visible, visibleLines } from "../screen/visible.ts";

/** What an answer is about, beside its title: the exact work, or the exact text. */
export type RequestSubject =
  | {
      readonly kind: "work";
      readonly do: string;
      readonly owner: string | null;
      readonly input: Json;
    }
  | {
      readonly kind: "text";
      readonly digest: string;
      readonly text: string;
      readonly inputs: Json;
    };

/**
 * A request for somebody who is to answer it: nothing is left out of what is decided, and nothing
 * in it can style the question (SEC-13).
 */
export function requestText(request: RequestView, subject: RequestSubject | null): string {
  const facts: [string, string][] = [
    ["request", `${request.id} (${request.kind}, ${request.status})`],
    ["plan", request.planId],
    ...(request.stepKey === null ? [] : [["step", visible(request.stepKey)] as [string, string]]),
    ...(request.reason === null ? [] : [["because", request.reason] as [string, string]]),
    ["asked", request.assignees.length === 0 ? "anybody" : visible(request.assignees.join(", "))],
    ...(request.dueAt === null ? [] : [["due", request.dueAt] as [string, string]]),
    ["digest", request.subjectDigest],
  ];
  const parts = [
    visible(request.title),
    table(facts.map(([name, value]) => [`  ${name}`, value])),
    ...(request.message === "" ? [] : [indent(visibleLines(request.message))]),
    ...(subject === null ? [] : [subjectText(subject)]),
    ...request.options.map(({ value, title }) => `  ${visible(value)}: ${visible(title)}`),
    ...(request.form === null ? [] : [`  form:\n${indent(showValue(request.form), "    ")}`]),
    ...decisionText(request),
  ];
  return parts.join("\n");
}

function subjectText(subject: RequestSubject): string {
  if (subject.kind === "work") {
    const owner = subject.owner === null ? "" : ` ${visible(subject.owner)}`;
    return `  ${visible(subject.do)}${owner} with:\n${indent(showValue(subject.input), "    ")}`;
  }
  const inputs = indent(showValue(subject.inputs), "    ");
  return `  inputs:\n${inputs}\n  text (${subject.digest}):\n${indent(visibleLines(subject.text).trimEnd(), "    ")}`;
}

function decisionText({ decision }: RequestView): string[] {
  if (decision === null) return [];
  const why = decision.comment === null ? "" : ` (${visible(decision.comment)})`;
  const answer = visible(JSON.stringify(decision.answer));
  return [`  answered by ${visible(decision.by)} at ${decision.at}: ${answer}${why}`];
}
