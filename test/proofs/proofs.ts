import { equivalence } from "./equivalence/equivalence.ts";
import { feed } from "./feed/feed.ts";
import { isolation } from "./isolation/isolation.ts";
import { joinRace } from "./join-race/join-race.ts";
import type { Proof } from "./proof.ts";

/** In the order in which they are carried out if none is named. */
export const PROOFS: readonly Proof[] = [equivalence, joinRace, feed, isolation];
