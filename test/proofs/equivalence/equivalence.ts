import { missingOf, type Proof } from "../proof.ts";
import { LONE_CONTESTANTS, postgresContestants } from "./contestants.ts";
import { proveEquivalence, type EquivalenceReport } from "./prove-equivalence.ts";
import { REQUIRED_SIGHTINGS } from "./see-sequence.ts";

/** In so many sequences everything that can be drawn has been. */
const ENOUGH = 384;

export const equivalence: Proof = {
  name: "equivalence",
  about: "the same commands come to the same log in memory, on SQLite and on Postgres",
  unit: "sequences",
  full: 5000,
  short: 96,
  async run({ seed, amount, createDatabase, tell }) {
    const report = await proveEquivalence({
      seed,
      sequences: amount,
      contestants: [...LONE_CONTESTANTS, ...postgresContestants(createDatabase)],
      onRound: tell,
    });
    const { sequences, commands, events, plans, reordered, tookMs } = report;
    return {
      figures: { sequences, commands, events, plans, reordered, tookMs, seen: seenIn(report) },
      faults: [...report.faults, ...lacksOf(report)],
    };
  },
};

/** What was not tried, or not enough of it, to prove anything. */
export function lacksOf({ sequences, commands, events, sightings }: EquivalenceReport): string[] {
  const unseen = REQUIRED_SIGHTINGS.filter((what) => sightings.count(what) === 0);
  return [
    ...missingOf({ sequences, commands, events }),
    ...(sequences < ENOUGH ? [] : unseen.map((what) => `nothing was tried: no ${what}`)),
  ];
}

function seenIn({ sightings }: EquivalenceReport): Record<string, number> {
  const names = ["race", "redelivery", "events of a refusal told again", "refused command-reused"];
  return Object.fromEntries(names.map((name) => [name, sightings.count(name)]));
}
