import type { Json } from "../../core/json.ts";
import type { RequestView } from "../../core/plan/view.ts";
import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { formFields, formValues } from "../run/form-answers.ts";
import type { Face } from "../screen/face.ts";
import { UsageFault } from "../usage-fault.ts";

/** Says yes to an approval or a review. */
export const approveRequest: Act = (given, face) => decide(given, face, () => ({ approved: true }));

/** Says no to an approval or a review. */
export const rejectRequest: Act = (given, face) => decide(given, face, () => ({ approved: false }));

/** Answers a choice, or fills in a form. */
export const answerRequest: Act = (given, face) =>
  decide(given, face, (request) => readAnswer(given, request));

function decide(
  given: Given,
  face: Face,
  answerTo: (request: RequestView) => Json,
): Promise<ExitCode> {
  const requestId = given.argument(0);
  return actOnPlan(given, face, async ({ orchestrator, actor }) => {
    const request = await orchestrator.request(requestId);
    if (request === null) {
      return {
        ok: false,
        refusal: { code: "not-found", message: `there is no request ${requestId}` },
      };
    }
    const comment = given.text("comment");
    const digest = given.text("digest");
    return orchestrator.decide(requestId, actor, {
      answer: answerTo(request),
      ...(comment === undefined ? {} : { comment }),
      ...(digest === undefined ? {} : { subjectDigest: digest }),
    });
  });
}

function readAnswer(given: Given, request: RequestView): Json {
  const word = given.argumentOr(1);
  const whole = given.json("jsonValue");
  const values = given.list("value");
  const ways = [word !== undefined, whole !== undefined, values.length > 0].filter(Boolean).length;
  if (ways !== 1) {
    throw new UsageFault("the answer is one of: a word, --value name=value …, or --json-value");
  }
  if (whole !== undefined) return whole;
  return word ?? formValues(formFields(request.form), readValues(values, request));
}

function readValues(pairs: readonly string[], request: RequestView): ReadonlyMap<string, string> {
  const names = formFields(request.form).map(({ name }) => name);
  const typed = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at));
    if (!names.includes(name)) {
      const known = names.length === 0 ? "the form has no fields" : `fields: ${names.join(", ")}`;
      throw new UsageFault(`--value takes name=value, not ${JSON.stringify(pair)} (${known})`);
    }
    typed.set(name, pair.slice(at + 1));
  }
  return typed;
}
