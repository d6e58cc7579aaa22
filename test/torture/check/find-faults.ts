import type { Place } from "../process/place.ts";
import { findExecutionFaults } from "./execution-faults.ts";
import { findLogFaults, findUnfinished } from "./log-faults.ts";
import { findLostAcks } from "./lost-acks.ts";
import { checkBook, readBook, type Book } from "./read-book.ts";

/** What there is to say of a place where every plan should have completed. */
export interface Verdict {
  readonly faults: readonly string[];
  readonly book: Book;
}

/**
 * Everything that does not hold at the end: of the logs, of the rows, of what was told (`told`, line
 * by line), of what the world saw, and of what still lives.
 */
export async function findFaults(place: Place, told: readonly string[]): Promise<Verdict> {
  const book = await readBook(place.store);
  const living = place.witness.findLiving();
  const faults = [
    ...findUnfinished(book),
    ...findLogFaults(book),
    ...(await checkBook(place.store)),
    ...findLostAcks(told, book),
    ...findExecutionFaults(place.witness.read(), book),
    ...living.map((process) => `still alive at the end: ${process}`),
  ];
  return { faults, book };
}

/** How many events of a type the logs hold. */
export function countEvents(book: Book, type: string): number {
  return book.logs.flatMap(({ events }) => events).filter((event) => event.type === type).length;
}
