import type { Chance } from "../../../src/testing/chance.ts";
import { findFaceFaults } from "../check/face-faults.ts";
import { countEvents, findFaults } from "../check/find-faults.ts";
import { drawPlan } from "../plan/draw-plan.ts";
import { goOn } from "../process/go-on.ts";
import { drawMoment, killAt } from "../process/kill-moment.ts";
import type { Place } from "../process/place.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const STEP_MS = 60;
/** The smallest plan has 24 executions of two lines each; at the last moment three are left. */
const RANGE = { least: 1, most: 42, stepMs: 40 };

/** A plan of 20 steps and more that may be repeated, killed with -9 at a random moment. */
export const killedOnce: Scenario = {
  name: "killed once",
  about: "a `run` killed with -9 at a random moment; `worker --until-idle` completes its plan",
  mustHappen: ["kills", "events told before the kill", "attempts lost"],
  run: (chance) => inPlace((place) => killOnce(place, chance)),
};

async function killOnce(place: Place, chance: Chance): Promise<Result> {
  const { witness } = place;
  const shape = { witness, effect: "repeatable", diamonds: 3, stepMs: STEP_MS } as const;
  const file = place.writePlan(drawPlan(chance.of("plan"), shape));
  const words = ["run", file, "--approve", "--jsonl"];
  await using first = place.start(words);
  const killed = await killAt(first, witness, drawMoment(chance.of("moment"), RANGE));
  const stored = await goOn(place, words);
  const { faults, book } = await findFaults(place, first.lines);
  const faces = await findFaceFaults(place, book);
  return {
    faults: [...faults, ...faces],
    figures: {
      kills: killed ? 1 : 0,
      "had ended before its moment": killed ? 0 : 1,
      "killed before anything was stored": stored ? 0 : 1,
      "events told before the kill": first.lines.length,
      executions: witness.read().filter(({ kind }) => kind === "start").length,
      "attempts lost": countEvents(book, "attempt.lost"),
    },
  };
}
