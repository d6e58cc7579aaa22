import { commits } from "./store-contract/commits.ts";
import { contents } from "./store-contract/contents.ts";
import { dueWork } from "./store-contract/due-work.ts";
import { lists } from "./store-contract/lists.ts";
import { lives } from "./store-contract/lives.ts";
import { logs } from "./store-contract/logs.ts";
import { randomWork } from "./store-contract/random-work.ts";
import { sharedLimits } from "./store-contract/shared-limits.ts";
import type { StoreContractOptions } from "./store-contract/suite.ts";
import { tenants } from "./store-contract/tenants.ts";

export type { StoreContractOptions };

/**
 * What every store keeps, as tests of the runner that is handed in: a store of a third party
 * proves itself with this one call.
 */
export function storeContract(options: StoreContractOptions): void {
  options.describe(options.name, () => {
    for (const part of [
      commits,
      logs,
      lists,
      dueWork,
      sharedLimits,
      lives,
      contents,
      tenants,
      randomWork,
    ]) {
      part(options);
    }
  });
}
