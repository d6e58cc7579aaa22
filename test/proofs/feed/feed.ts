import { missingOf, type Proof } from "../proof.ts";
import { proveFeed } from "./prove-feed.ts";

export const feed: Proof = {
  name: "feed",
  about: "who follows the feed while it is written misses nothing, and nothing comes twice",
  unit: "events",
  full: 1_000_000,
  short: 10_000,
  async run({ seed, amount, createDatabase, tell }) {
    await using database = await createDatabase();
    const { url } = database;
    const report = await proveFeed({ url, seed, events: amount, onProgress: tell });
    const { faults, ...figures } = report;
    const { events, told, resumed, held, naivelyMissed } = report;
    const tried = { events, told, resumed, held, naivelyMissed };
    return { figures, faults: [...faults, ...missingOf(tried)] };
  },
};
