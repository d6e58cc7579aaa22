import { countEvents, findFaults } from "../check/find-faults.ts";
import type { Book } from "../check/read-book.ts";
import { drawPlan } from "../plan/draw-plan.ts";
import { carryOut } from "../process/go-on.ts";
import { drawMoment, killAt } from "../process/kill-moment.ts";
import type { Place } from "../process/place.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

/** Long enough that something is left to do when the last worker dies. */
const DIAMONDS_PER_KILL = 6;
/**
 * Steps are short beside the distance of the kills, and few at once: of what a worker begins about
 * one step in eight dies with it, so that none loses five workers and is set aside.
 */
const STEP_MS = 12;
const RANGE = { least: 30, most: 60, stepMs: 40 };
const CONCURRENCY = 3;

/** One plan whose workers are killed again and again. */
export function killedOften(kills: number): Scenario {
  return {
    name: `killed ${kills} times`,
    about: `one plan whose workers are killed with -9, ${kills} of them one after the other`,
    mustHappen: ["kills", "attempts lost"],
    run: (chance) => inPlace((place) => killOften(place, chance, kills)),
  };
}

async function killOften(place: Place, chance: Chance, kills: number): Promise<Result> {
  const { witness } = place;
  const diamonds = kills * DIAMONDS_PER_KILL;
  const shape = { witness, effect: "repeatable", diamonds, stepMs: STEP_MS } as const;
  const document = drawPlan(chance.of("plan"), { ...shape, concurrency: CONCURRENCY });
  const file = place.writePlan(document);
  await carryOut(place, ["plan", "submit", file, "--approve", "--start"]);
  let killed = 0;
  for (let life = 0; life < kills; life += 1) {
    await using worker = place.start(["worker", "--until-idle"]);
    const moment = drawMoment(chance.of("moment", life), RANGE);
    if (await killAt(worker, witness, moment)) killed += 1;
  }
  await carryOut(place, ["worker", "--until-idle"]);
  const { faults, book } = await findFaults(place, []);
  const missed = killed === kills ? [] : [`only ${killed} of ${kills} workers were killed`];
  return {
    faults: [...faults, ...missed],
    figures: {
      kills: killed,
      executions: witness.read().filter(({ kind }) => kind === "start").length,
      "attempts lost": countEvents(book, "attempt.lost"),
      "most workers that one step lost": mostLost(book),
    },
  };
}

function mostLost(book: Book): number {
  const lost = book.logs
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === "attempt.lost");
  const bySteps = Map.groupBy(lost, ({ planId, stepKey }) => `${planId} ${stepKey}`);
  return Math.max(0, ...[...bySteps.values()].map((events) => events.length));
}
