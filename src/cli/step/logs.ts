import { formatTimestamp } from "../../core/timestamp.ts";
import { hasEnded } from "../../core/step/step.ts";
import { findStep } from "../../core/step/lookup.ts";
import { isEnded } from "../../core/plan/plan.ts";
import type { ProgressRow } from "../../store/store.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { visibleJson, visibleLines } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

/** Shows what the attempts of a step have written, and with `--follow` what they still write. */
export const showLogs: Act = async (given, face) => {
  const planId = given.argument(0);
  const stepKey = given.argument(1);
  await using reading = await openReader(given);
  const exists = await reading.plans.store.read(
    planId,
    (plan) => findStep(plan, stepKey)?.key ?? null,
  );
  if (exists === null) return tellMissing(`step ${stepKey} in ${planId}`, face);
  const asJson = given.flag("json");
  let last: string | null = null;
  let open = "";
  for await (const row of rows(reading, given, face.unread)) {
    if (asJson) {
      face.data(visibleJson({ ...row, at: formatTimestamp(row.at) }));
      continue;
    }
    // What was written does not end where a line does: the rest of it comes with the next row.
    const source = `${row.attempt} ${row.stream}`;
    if (open !== "" && last !== source) {
      face.data(visibleLines(open));
      open = "";
    }
    last = source;
    const lines = (open + row.text).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) face.data(visibleLines(line));
  }
  if (open !== "") face.data(visibleLines(open));
  return EXIT.done;
};

const FOLLOW_LOOK_MS = 200;

async function* rows(
  reading: Reading,
  given: Given,
  stop: AbortSignal,
): AsyncIterable<ProgressRow> {
  const planId = given.argument(0);
  const stepKey = given.argument(1);
  const attempt = given.count("attempt");
  const one = attempt === undefined ? {} : { attempt };
  for (let after = 0; !stop.aborted;) {
    // Asked before the rows are read: what was written before the end is read after it.
    const over = await reading.plans.store.read(planId, (plan) => {
      const step = findStep(plan, stepKey);
      return isEnded(plan.status) || step === undefined || hasEnded(step);
    });
    const found = await reading.plans.store.progress({ planId, stepKey, after, ...one });
    yield* found;
    after = found.at(-1)?.position ?? after;
    if (found.length > 0) continue;
    if (over !== false || !given.flag("follow")) return;
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_LOOK_MS));
  }
}
