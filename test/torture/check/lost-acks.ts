import { isDeepStrictEqual } from "node:util";
import type { Book } from "./read-book.ts";

/**
 * What a process told before its death and the log does not know: each line is an event as it was
 * told, and stands there word for word or was lost.
 */
export function findLostAcks(told: readonly string[], book: Book): readonly string[] {
  const known = new Map<unknown, unknown>(
    book.logs.flatMap(({ events }) => events.map((event) => [event.id, event])),
  );
  return told.flatMap((line) => {
    const event: unknown = JSON.parse(line);
    const id: unknown = Reflect.get(Object(event), "id");
    if (!known.has(id)) return [`the log has lost what was told: ${line}`];
    return isDeepStrictEqual(known.get(id), event) ? [] : [`the log tells it otherwise: ${line}`];
  });
}
