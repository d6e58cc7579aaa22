import { missingOf, type Proof } from "../proof.ts";
import { proveIsolation } from "./prove-isolation.ts";

export const isolation: Proof = {
  name: "isolation",
  about:
    "row-level security alone keeps tenants apart, with the application's filters switched off",
  unit: "transactions",
  full: 100_000,
  short: 2000,
  async run({ seed, amount, createDatabase, tell }) {
    await using database = await createDatabase();
    const { url } = database;
    const report = await proveIsolation({ url, seed, transactions: amount, onProgress: tell });
    const { faults, statements, tried, ...figures } = report;
    const { unfiltered, met, metPastStore, rows, shownToSuperuser } = report;
    const happened = { ...tried, unfiltered, met, metPastStore, rows, shownToSuperuser };
    return {
      figures: { ...figures, tried, statements: statements.length },
      faults: [...faults, ...missingOf(happened)],
    };
  },
};
