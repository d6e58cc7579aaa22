/**
 * The seed of the runs with `npm test`: its first sequences have found something.
 *
 * - 3: SQLite kept the name of an artifact with a lone surrogate as another name.
 * - 6: Postgres judged a plan by its text, though there was one of that name already.
 * - 14, 27: Postgres did not keep names that have a NUL character in them.
 * - 206: a gated step's input stood in `attempt.started` only if the plan had been read from its log.
 */
export const SEED = 1;
