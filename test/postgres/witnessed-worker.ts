import { hash } from "node:crypto";
import process from "node:process";
import { createPlanwright } from "../../src/create-planwright.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { StoreFault } from "../../src/store/store.ts";
import { LedgerFile } from "../../src/testing/faults/ledger-file.ts";
import { witnessStores } from "../../src/testing/faults/witness-stores.ts";

/**
 * Submits plans to a fleet and carries out what is due, one plan after the other until it is killed,
 * and keeps its book. Says the number of each plan that has ended.
 * Arguments: the database, the ledger, a name.
 */
const [url = "", ledgerPath = "", name = ""] = process.argv.slice(2);

const ledger = new LedgerFile(ledgerPath);
const fleet = await openPostgres({
  url,
  clock: createSystemRuntime(),
  pure: createPure((text) => hash("sha256", text)),
  acceptDataLoss: true,
});
const planwright = await createPlanwright({
  store: witnessStores(fleet, ledger),
  name,
  actor: { kind: "person", id: name },
  folder: process.cwd(),
});

for (let number = 1; ; number += 1) {
  try {
    const result = await planwright.run({
      plan: `plan ${number}`,
      policy: { approval: "none" },
      steps: {
        a: { do: "tool", owner: "std.echo" },
        b: { do: "tool", owner: "std.echo", needs: ["a"] },
        c: { do: "tool", owner: "std.echo", needs: ["a", "b"] },
      },
    });
    console.log(result.ok ? number : JSON.stringify(result.refusal));
  } catch (error) {
    // A store that cannot be had is what is tried here; it will be there again.
    if (!StoreFault.is(error)) throw error;
  }
}
