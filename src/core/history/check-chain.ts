import type { PlanEvent } from "../plan/event.ts";
import type { Violation } from "./violation.ts";

/** The hashes that a store keeps beside its events, and how they are made. */
export interface HashChain {
  /** One per event, in their order. */
  readonly hashes: readonly string[];
  /** SHA-256 as 64 lower-case hex digits. */
  readonly digest: (text: string) => string;
  /** The event as RFC 8785 writes it. */
  readonly canonical: (event: PlanEvent) => string;
}

/**
 * I2: every event's hash is the digest of the hash before it and its own canonical text, and there
 * is one for each. The first event has no hash before it.
 */
export function* checkChain(
  events: readonly PlanEvent[],
  chain: HashChain,
): Generator<Violation, void> {
  if (chain.hashes.length !== events.length) {
    const counts = `${chain.hashes.length} hashes for ${events.length} events`;
    yield { invariant: "I2", message: counts };
  }
  let previous = "";
  for (const [index, event] of events.entries()) {
    const hash = chain.hashes[index];
    if (hash === undefined) return;
    const expected = chain.digest(previous + chain.canonical(event));
    if (hash !== expected) {
      const message = `the hash is ${hash}, the event and the hash before it come to ${expected}`;
      yield { invariant: "I2", message, seq: event.seq };
    }
    previous = hash;
  }
}
