import type { Json } from "../../core/json.ts";
import type { RequestView } from "../../core/plan/view.ts";
import type { Refusal } from "../../core/refusal.ts";
import type { RequestKind } from "../../core/request/request.ts";
import { actOnPlan } from "../act-on-plan.ts";
import type { Act } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { formFields, formValues } from "../run/form-answers.ts";
import { readPairs } from "../read-pairs.ts";
import type { Face } from "../screen/face.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { UsageFault } from "../usage-fault.ts";
import { howToAnswer } from "./how-to-answer.ts";

/** Says yes to an approval or a review. */
export const approveRequest: Act = (given, face) =>
  decide(given, face, { verdict: true, read: () => ({ approved: true }) });

/** Says no to an approval or a review. */
export const rejectRequest: Act = (given, face) =>
  decide(given, face, { verdict: true, read: () => ({ approved: false }) });

/** Answers a choice, or fills in a form. */
export const answerRequest: Act = (given, face) =>
  decide(given, face, { verdict: false, read: (request) => readAnswer(given, request) });

/** One way of answering; a yes or no is a verdict. */
interface Way {
  readonly verdict: boolean;
  read(request: RequestView): Json;
}

function decide(given: Given, face: Face, way: Way): Promise<ExitCode> {
  const requestId = given.argument(0);
  return actOnPlan(given, face, async ({ orchestrator, actor }) => {
    const request = await orchestrator.request(requestId);
    if (request === null) {
      return {
        ok: false,
        refusal: { code: "not-found", message: `there is no request ${requestId}` },
      };
    }
    // One that is settled says so itself, whichever way somebody comes.
    if (request.status === "open" && IS_VERDICT[request.kind] !== way.verdict) {
      return { ok: false, refusal: otherWay(given, request) };
    }
    const comment = given.text("comment");
    const digest = given.text("digest");
    return orchestrator.decide(requestId, actor, {
      answer: way.read(request),
      ...(comment === undefined ? {} : { comment }),
      ...(digest === undefined ? {} : { subjectDigest: digest }),
    });
  });
}

const IS_VERDICT: Readonly<Record<RequestKind, boolean>> = {
  approval: true,
  review: true,
  choice: false,
  input: false,
};

/** As many ways as are named; the request shows them all. */
const WAYS_SHOWN = 4;

function otherWay(given: Given, request: RequestView): Refusal {
  const ways = howToAnswer(given, request);
  const all = suggestCommand(given, "request", "show", request.id);
  const shown = ways.length > WAYS_SHOWN ? [...ways.slice(0, WAYS_SHOWN), all] : ways;
  const asked = IS_VERDICT[request.kind] ? "asks for a yes or a no" : "asks for no yes or no";
  const message = `${request.id} (${request.kind}) ${asked}: ${shown.join(", or ")}`;
  return { code: "invalid-input", message, faults: [] };
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
  const typed = readPairs("--value", pairs);
  for (const name of typed.keys()) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? "the form has no fields" : `fields: ${names.join(", ")}`;
    throw new UsageFault(`--value: there is no field ${JSON.stringify(name)} (${known})`);
  }
  return typed;
}
