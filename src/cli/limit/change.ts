import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { changeLimit, countUnderWay } from "./change-limit.ts";
import { readLimitKey, readMax, readTenant } from "./read-limit.ts";

/** Sets a maximum. */
export const setLimit: Act = async (given, face) => {
  const key = readLimitKey(given);
  const change = { kind: "set", max: readMax(given) } as const;
  const wanted = { tenant: readTenant(given), key, change, mustExist: false };
  await changeLimit(given, face, wanted, async (store, before) => {
    const underWay = before === undefined ? await countUnderWay(store) : 0;
    if (underWay === 0) return null;
    return `${underWay} attempts are under way: those that began before there was this limit are not counted`;
  });
  return EXIT.done;
};

/** Takes a maximum away. */
export const clearLimit: Act = async (given, face) => {
  const key = readLimitKey(given);
  const change = { kind: "clear" } as const;
  const wanted = { tenant: readTenant(given), key, change, mustExist: true };
  await changeLimit(given, face, wanted, async (_, before) =>
    before === undefined ? `there was no limit ${key}` : null,
  );
  return EXIT.done;
};
