import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { visible } from "../screen/visible.ts";
import { changeLimit, countUnderWay } from "./change-limit.ts";
import { checkTenant } from "./read-limit.ts";

/** Starts nothing of a tenant any more. */
export const stopTenant: Act = async (given, face) => {
  const tenant = checkTenant(given.argument(0));
  const reason = given.text("reason") ?? null;
  const change = { kind: "stop", reason } as const;
  const wanted = { tenant, key: "tenant", change, mustExist: true } as const;
  await changeLimit(given, face, wanted, async (store) => {
    const { data } = await store.plans({ limit: 1 });
    if (data.length === 0) return `tenant ${visible(tenant)} has no plans`;
    const underWay = await countUnderWay(store);
    return underWay === 0 ? null : `${underWay} attempts are under way, and end as they would`;
  });
  return EXIT.done;
};

/** Lets a tenant go on. */
export const startTenant: Act = async (given, face) => {
  const tenant = checkTenant(given.argument(0));
  const change = { kind: "start" } as const;
  const wanted = { tenant, key: "tenant", change, mustExist: true } as const;
  await changeLimit(given, face, wanted, async (_, before) =>
    before?.stopped == null ? `tenant ${visible(tenant)} was not stopped` : null,
  );
  return EXIT.done;
};
