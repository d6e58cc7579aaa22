import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { table } from "../screen/table.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader } from "../store/open-reader.ts";
import { limitJson, limitRow } from "./show-limit.ts";
import { readTenant } from "./read-limit.ts";

/** Lists what is in force for a tenant, and what is taken of it. */
export const listLimits: Act = async (given, face) => {
  const tenant = readTenant(given);
  await using reading = await openReader(given);
  const limits = await reading.stores.forTenant(tenant).limits();
  if (given.flag("json")) {
    const data = limits.map((limit) => limitJson(limit, tenant));
    face.data(visibleJson({ data, nextCursor: null }, 2));
    return EXIT.done;
  }
  if (limits.length > 0) face.data(table(limits.map((limit) => limitRow(limit, tenant))));
  else face.note(`nothing limits tenant ${visible(tenant)}`);
  return EXIT.done;
};
