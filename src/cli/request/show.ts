import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";
import { findSubject } from "./find-subject.ts";
import { howToAnswer } from "./how-to-answer.ts";
import { requestText } from "./request-text.ts";

/** Shows exactly what is asked, and the commands that answer it. */
export const showRequest: Act = async (given, face) => {
  const requestId = given.argument(0);
  await using reading = await openReader(given);
  const request = await reading.plans.request(requestId);
  if (request === null) return tellMissing(`request ${requestId}`, face);
  const subject = await findSubject(reading.plans, request);
  if (given.flag("json")) {
    face.data(visibleJson({ request, subject }, 2));
    return EXIT.done;
  }
  face.data(requestText(request, subject));
  if (request.status !== "open") return EXIT.done;
  for (const line of howToAnswer(given, request)) face.note(line);
  return EXIT.done;
};
