import { isDeepStrictEqual } from "node:util";
import { carryOut } from "../process/go-on.ts";
import type { Place } from "../process/place.ts";
import type { Book, PlanLog } from "./read-book.ts";

/** What the command line tells otherwise than the logs: `doctor`, `plan show`, `plan events`. */
export async function findFaceFaults(place: Place, book: Book): Promise<readonly string[]> {
  await carryOut(place, ["doctor"]);
  const faults: string[] = [];
  for (const log of book.logs) {
    faults.push(...(await findEventFaults(place, log)), ...(await findShownFaults(place, log)));
  }
  return faults;
}

async function findEventFaults(place: Place, { row, events }: PlanLog): Promise<readonly string[]> {
  const lines = await carryOut(place, ["plan", "events", row.id, "--jsonl"]);
  const told: unknown[] = lines.map((line): unknown => JSON.parse(line));
  return isDeepStrictEqual(told, events) ? [] : [`\`plan events\` of ${row.id} is not its log`];
}

async function findShownFaults(place: Place, { row }: PlanLog): Promise<readonly string[]> {
  const lines = await carryOut(place, ["plan", "show", row.id, "--json"]);
  const shown: unknown = JSON.parse(lines.join("\n"));
  const statuses = Object.values(fieldOf(shown, "steps") ?? {}).map((step) =>
    fieldOf(step, "status"),
  );
  const plan = fieldOf(shown, "plan");
  if (fieldOf(plan, "status") === row.status && statuses.every((one) => one === "succeeded")) {
    return [];
  }
  return [`\`plan show\` of ${row.id} tells ${lines.join("\n")}`];
}

function fieldOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name);
}
