import { missingOf, type Proof } from "../proof.ts";
import { proveJoinRace } from "./prove-join-race.ts";

export const joinRace: Proof = {
  name: "join-race",
  about: "parents that end at the same moment ready their join, once, whoever reports them",
  unit: "diamonds",
  full: 20_000,
  short: 128,
  async run({ seed, amount, createDatabase, tell }) {
    await using database = await createDatabase();
    const { url } = database;
    const report = await proveJoinRace({ url, seed, diamonds: amount, onBatch: tell });
    const { faults, ...figures } = report;
    const { diamonds, parents, leasedOn, decidedAgain, naivelyStuck } = report;
    const tried = { diamonds, parents, leasedOn, decidedAgain, naivelyStuck };
    return { figures, faults: [...faults, ...missingOf(tried)] };
  },
};
