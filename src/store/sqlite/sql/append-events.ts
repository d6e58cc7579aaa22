import type { StoredEvent } from "../../wave.ts";
import type { Driver } from "../driver.ts";

/** Appends events of one plan to the log, from a position on. */
export function appendEvents(
  driver: Driver,
  planNo: number,
  events: readonly StoredEvent[],
  position: number,
): void {
  for (const [index, { event, text, hash }] of events.entries()) {
    driver.run(
      "insert into events (position, plan_no, seq, hash, body) values (?, ?, ?, ?, ?)",
      position + index,
      planNo,
      event.seq,
      hash,
      text,
    );
  }
}
