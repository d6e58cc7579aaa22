import { TEST_PURE } from "../../../src/testing/given.ts";
import { Sightings } from "../../../src/testing/simulation/sightings.ts";
import { BEGINS_AT } from "../../fuzz/subject.ts";
import type { Contestant } from "./contest.ts";
import { compareStore } from "./compare-store.ts";
import { recordSequence } from "./record-sequence.ts";
import { replaySequence, type Replay } from "./replay-sequence.ts";
import type { Sequence } from "./sequence.ts";
import { seeSequence } from "./see-sequence.ts";

export interface EquivalenceOptions {
  readonly seed: number;
  readonly sequences: number;
  readonly contestants: readonly Contestant[];
  /** Called after each round of sequences. */
  readonly onRound?: (done: number) => void;
}

export interface EquivalenceReport {
  readonly sequences: number;
  readonly commands: number;
  readonly events: number;
  readonly plans: number;
  readonly faults: readonly string[];
  /** How long each store took, in milliseconds. */
  readonly tookMs: Readonly<Record<string, number>>;
  /** Sequences of which a store carried out commands in another order that were sent at once. */
  readonly reordered: Readonly<Record<string, number>>;
  readonly sightings: Sightings;
}

const TENANTS = ["acme", "bell", "cola"] as const;
/** Sequences of one tenant under way at once: as many commands as a wave holds. */
const ABREAST = 64;
const FAULTS_MAX = 20;

/** Sends the same random commands to several kinds of store: all must come to what the rules alone come to. */
export async function proveEquivalence(options: EquivalenceOptions): Promise<EquivalenceReport> {
  const faults: string[] = [];
  const sightings = new Sightings();
  const tookMs: Record<string, number> = {};
  const reorderedBy: Record<string, number> = {};
  const sums = { sequences: 0, commands: 0, events: 0, plans: 0 };
  while (sums.sequences < options.sequences && faults.length < FAULTS_MAX) {
    const round = await recordRound(options, sums.sequences);
    const isForgetful = (sums.sequences / round.length) % 2 === 1;
    // Beside each other: most of their time they wait for a server.
    const found = await Promise.all(
      options.contestants.map(async (contestant) => {
        const began = performance.now();
        const { faults, reordered } = await carryOut(contestant, round, isForgetful);
        reorderedBy[contestant.name] = (reorderedBy[contestant.name] ?? 0) + reordered;
        const took = (tookMs[contestant.name] ?? 0) + performance.now() - began;
        tookMs[contestant.name] = Math.round(took);
        return faults.map((fault) => `${contestant.name}: ${fault}`);
      }),
    );
    faults.push(...found.flat());
    for (const sequence of round) {
      sums.commands += sequence.bursts.reduce((sum, { commands }) => sum + commands.length, 0);
      sums.plans += sequence.oracle.plans.size;
      for (const { events } of sequence.oracle.plans.values()) sums.events += events.length;
      seeSequence(sightings, sequence);
    }
    sums.sequences += round.length;
    options.onRound?.(sums.sequences);
  }
  return { ...sums, faults, tookMs, reordered: reorderedBy, sightings };
}

async function recordRound(
  { seed, sequences }: EquivalenceOptions,
  from: number,
): Promise<readonly Sequence[]> {
  const size = Math.min(sequences - from, TENANTS.length * ABREAST);
  return Promise.all(
    Array.from({ length: size }, (_, index) =>
      recordSequence({
        seed,
        number: from + index,
        tenantId: TENANTS[index % TENANTS.length] ?? TENANTS[0],
        place: String(Math.floor(index / TENANTS.length)),
      }),
    ),
  );
}

/** @param isForgetful the store keeps no folded plans: each is loaded for each command */
async function carryOut(
  contestant: Contestant,
  round: readonly Sequence[],
  isForgetful: boolean,
): Promise<{ readonly faults: readonly string[]; readonly reordered: number }> {
  await using contest = await contestant.open({
    clock: { now: () => BEGINS_AT, defer: (callback) => void setImmediate(callback) },
    pure: TEST_PURE,
    ...(isForgetful ? { cache: { activeMax: 0, idleMax: 0 } } : {}),
  });
  const replays = await Promise.all(round.map((sequence) => replaySequence(sequence, contest)));
  const reordered = replays.filter(({ isReordered }) => isReordered).length;
  const faults = replays.flatMap((replay) => replay.faults);
  // What was answered otherwise is enough to know.
  if (faults.length > 0) return { faults: faults.slice(0, FAULTS_MAX), reordered };
  const expected = round.map((sequence, index) => ({ ...sequence, ...oracleOf(replays, index) }));
  const views = await Promise.all(
    contest.processes.map((process) => compareStore(process, expected)),
  );
  return { faults: views.flat().slice(0, FAULTS_MAX), reordered };
}

function oracleOf(replays: readonly Replay[], index: number): Partial<Pick<Sequence, "oracle">> {
  const oracle = replays[index]?.oracle;
  return oracle === undefined ? {} : { oracle };
}
