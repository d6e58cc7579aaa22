import { expect, test } from "vitest";
import { createDatabase } from "../postgres/create-database.ts";
import { SEED } from "./equivalence/seeds.ts";
import { PROOFS } from "./proofs.ts";

const PATIENCE_MS = 120_000;

// The full runs: npm run prove.
test.each(PROOFS)(
  "$about ($short $unit)",
  async (proof) => {
    const order = { seed: SEED, amount: proof.short, createDatabase, tell: () => {} };
    expect(await proof.run(order)).toMatchObject({ faults: [] });
  },
  PATIENCE_MS,
);
