import { openPostgres } from "../../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { drawDiamond } from "./diamond.ts";
import { raceNaively } from "./naive-join.ts";
import { CAPABILITIES, Race, TENANT } from "./race.ts";

export interface JoinRaceOptions {
  /** An empty database. */
  readonly url: string;
  readonly seed: number;
  readonly diamonds: number;
  readonly onBatch?: (done: number) => void;
}

export interface JoinRaceReport {
  readonly diamonds: number;
  readonly parents: number;
  /** Joins that one of the parents' processes leased in the commit that readied them. */
  readonly leasedOn: number;
  readonly commands: number;
  /** How often the rules were asked again because another process had been quicker. */
  readonly decidedAgain: number;
  readonly faults: readonly string[];
  /** Joins that were never readied where each parent looks for itself, and of how many. */
  readonly naivelyStuck: number;
  readonly naiveDiamonds: number;
}

/** Each is a process to the store: it folds plans for itself and has connections of its own. */
const OPENERS = 8;
const ABREAST = 64;
const NAIVE_DIAMONDS = 200;
const FAULTS_MAX = 20;

/** Parents that end at the same moment, told by different processes: every join is readied, once. */
export async function proveJoinRace(options: JoinRaceOptions): Promise<JoinRaceReport> {
  const { url, seed, diamonds, onBatch } = options;
  const chance = new Chance(seed, "join race");
  await using stack = new AsyncDisposableStack();
  const openers: Stores[] = [];
  for (let number = 0; number < OPENERS; number += 1) {
    openers.push(stack.use(await openOn(url)));
  }
  const sums = { diamonds: 0, parents: 0, leasedOn: 0, commands: 0, decidedAgain: 0 };
  const faults: string[] = [];
  while (sums.diamonds < diamonds && faults.length < FAULTS_MAX) {
    const size = Math.min(ABREAST, diamonds - sums.diamonds);
    const races = Array.from({ length: size }, (_, index) => {
      const number = sums.diamonds + index;
      return new Race(drawDiamond(chance.of(number), number, OPENERS), openers);
    });
    faults.push(...(await carryOut(races, openers, sums.diamonds)));
    for (const race of races) {
      sums.parents += race.diamond.parents.length;
      sums.leasedOn += Number(race.diamond.leasesOn);
      sums.commands += race.commands;
      sums.decidedAgain += race.decisions - race.commands;
    }
    sums.diamonds += size;
    onBatch?.(sums.diamonds);
  }
  for (const problem of (await openers[0]?.check()) ?? []) faults.push(problem);
  const naivelyStuck = await raceNaively({
    url,
    connections: OPENERS,
    diamonds: NAIVE_DIAMONDS,
    chance: chance.of("naive"),
  });
  return { ...sums, faults, naivelyStuck, naiveDiamonds: NAIVE_DIAMONDS };
}

function openOn(url: string): Promise<Stores> {
  return openPostgres({
    url,
    clock: { now: () => 0, defer: (callback) => void setImmediate(callback) },
    pure: TEST_PURE,
    acceptDataLoss: true,
    trustsCallers: true,
  });
}

async function carryOut(
  races: readonly Race[],
  openers: readonly Stores[],
  turn: number,
): Promise<readonly string[]> {
  const all = (stage: (race: Race) => Promise<void>): Promise<unknown> =>
    Promise.all(
      races.map((race) =>
        stage(race).catch((error: unknown) => {
          race.faults.push(
            `${race.diamond.planId}: ${error instanceof Error ? error.stack : String(error)}`,
          );
        }),
      ),
    );
  // Somebody who has folded none of it, or only its beginning.
  const looker = turn % openers.length;
  await all((race) => race.start());
  await all((race) => race.leaseParents());
  await all((race) => race.reportParents());
  await all((race) => race.look(looker));
  const ready = races.filter(({ isJoinLeased }) => !isJoinLeased);
  const due = await readDue(openers, turn + 1);
  const missing = ready.filter(({ diamond }) => !due.has(diamond.planId));
  const idle = due.size - (ready.length - missing.length);
  await all((race) => race.leaseJoin());
  await all((race) => race.reportJoin());
  await all((race) => race.lookAtEnd(looker));
  return [
    ...races.flatMap(({ faults }) => faults),
    ...missing.map(({ diamond }) => `${diamond.planId}: its join is ready and nobody is told`),
    ...(idle === 0 ? [] : [`${idle} plans are due in which nothing is ready`]),
  ];
}

/** The plans in which a worker would look for work. */
async function readDue(openers: readonly Stores[], turn: number): Promise<ReadonlySet<string>> {
  const page = await openers[turn % openers.length]?.due({
    now: Number.MAX_SAFE_INTEGER,
    limit: 10 * ABREAST,
    pools: ["default"],
    capabilities: CAPABILITIES,
  });
  const ready = page?.due.filter(({ why, tenantId }) => why === "ready" && tenantId === TENANT);
  return new Set(ready?.map(({ planId }) => planId));
}
