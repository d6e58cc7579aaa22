import type { Json } from "../../../src/core/json.ts";
import type { StepDocument } from "../../../src/core/plan/document.ts";
import type { RequestRow } from "../../../src/store/projection.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { countEvents, findFaults } from "../check/find-faults.ts";
import { readBook, type Book } from "../check/read-book.ts";
import { drawPlan } from "../plan/draw-plan.ts";
import { carryOut, goOn } from "../process/go-on.ts";
import { drawMoment, killAt } from "../process/kill-moment.ts";
import type { Place } from "../process/place.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const STEP_MS = 60;
const RANGE = { least: 1, most: 40, stepMs: STEP_MS };

/** The same plan with effects that must not happen twice. */
export const killedEffects: Scenario = {
  name: "killed with effect once",
  about: "what was under way waits for a person, is never run again on its own, and then completes",
  mustHappen: ["kills", "effects under way", "effects that a person ran again"],
  run: (chance) => inPlace((place) => killEffects(place, chance)),
};

async function killEffects(place: Place, chance: Chance): Promise<Result> {
  const { witness } = place;
  const shape = { witness, effect: "once", diamonds: 3, stepMs: STEP_MS } as const;
  const document = drawPlan(chance.of("plan"), shape);
  const words = ["run", place.writePlan(document), "--approve", "--jsonl"];
  await using first = place.start(words);
  const killed = await killAt(first, witness, drawMoment(chance.of("moment"), RANGE));
  await goOn(place, words);
  const waiting = await readBook(place.store);
  const atRest = [...findUnasked(place, waiting), ...(await findUntold(place, waiting))];
  const lists = { list: linesOf(document.steps["list"]) };
  const answers = waiting.openRequests.map((request) => answerTo(place, request, lists));
  for (const answer of answers) await carryOut(place, ["request", "answer", ...answer]);
  await carryOut(place, ["worker", "--until-idle"]);
  const { faults } = await findFaults(place, first.lines);
  return {
    faults: [...atRest, ...faults],
    figures: {
      kills: killed ? 1 : 0,
      executions: witness.read().filter(({ kind }) => kind === "start").length,
      "effects under way": countEvents(waiting, "attempt.lost"),
      "effects that a person ran again": answers.filter(([, word]) => word === "retry").length,
    },
  };
}

/** Whatever was lost is asked about, once, and nothing else is; nothing ran a second time. */
function findUnasked(place: Place, { logs, openRequests }: Book): readonly string[] {
  const events = logs.flatMap((log) => log.events);
  const lost = events
    .filter(({ type }) => type === "attempt.lost")
    .map(({ planId, stepKey }) => `${planId} ${stepKey}`);
  const asked = openRequests
    .filter(({ reason }) => reason === "ambiguous-effect")
    .map(({ planId, stepKey }) => `${planId} ${stepKey}`);
  const begun = place.witness
    .read()
    .filter(({ kind }) => kind === "start")
    .map(({ planId, stepKey }) => `${planId} ${stepKey}`);
  return [
    ...lost.filter((step) => !asked.includes(step)).map((step) => `nobody is asked about ${step}`),
    ...asked.filter((step) => !lost.includes(step)).map((step) => `${step} is asked about`),
    ...begun
      .filter((step, index) => begun.indexOf(step) < index)
      .map((step) => `${step} was run again before anybody was asked`),
  ];
}

/** `doctor` finds nothing wrong, and names each step that waits for a person's word. */
async function findUntold(place: Place, { openRequests }: Book): Promise<readonly string[]> {
  const report = (await carryOut(place, ["doctor"])).join("\n");
  return openRequests
    .filter(({ stepKey, planId }) => !report.includes(String(stepKey)) || !report.includes(planId))
    .map(({ stepKey }) => `doctor does not tell of ${stepKey}: ${report}`);
}

/** What a person answers who has looked: it happened, with what it printed; or it did not. */
function answerTo(
  { witness }: Place,
  { id, planId, stepKey }: RequestRow,
  printed: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const happened = witness
    .read()
    .some((line) => line.kind === "end" && line.planId === planId && line.stepKey === stepKey);
  if (!happened) return [id, "retry"];
  const output: Json = { lines: printed[String(stepKey)] ?? [] };
  return [id, "--json-value", JSON.stringify({ choice: "succeeded", output })];
}

function linesOf(step: StepDocument | undefined): readonly string[] {
  const argv = step?.with?.["argv"];
  return Array.isArray(argv) ? argv.slice(4).map(String) : [];
}
