import process from "node:process";
import type { Store, Stores } from "../../../src/store/store.ts";
import { interceptStores } from "../../../src/testing/intercept-stores.ts";
import type { Death } from "./worker-order.ts";

/** The same stores, for a process that kills itself at one of its own commits. */
export function doomedStores(stores: Stores, { tenantId, atCommit, when }: Death): Stores {
  let commits = 0;
  const doomed = (store: Store): Store => ({
    ...store,
    commit: async (command, decide, settles) => {
      commits += 1;
      if (commits < atCommit) return store.commit(command, decide, settles);
      if (when === "before") return die();
      const answer = store.commit(command, decide, settles);
      // After it has been decided and its statements have gone out.
      if (when === "sent") setImmediate(() => setImmediate(die));
      await answer;
      return die();
    },
  });
  const through = interceptStores(stores, (_call, run) => run());
  return {
    ...through,
    forTenant: (id) => (id === tenantId ? doomed(through.forTenant(id)) : through.forTenant(id)),
  };
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  // Nothing goes on while the signal is on its way.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
