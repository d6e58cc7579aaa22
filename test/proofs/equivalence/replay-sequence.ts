import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Contest } from "./contest.ts";
import { findDifference } from "./difference.ts";
import { Expectation } from "./expectation.ts";
import type { Oracle } from "./oracle.ts";
import type { Burst, RecordedCommand, Sequence } from "./sequence.ts";
import { tellDecision } from "./tell-decision.ts";

/** What became of a sequence at a store. */
export interface Replay {
  /** What was answered otherwise than the rules do. */
  readonly faults: readonly string[];
  /** Commands of a burst were carried out in another order than that of sending. */
  readonly isReordered: boolean;
  /** What the store must hold now. */
  readonly oracle: Oracle;
}

/** Sends a sequence to the processes of a store in turn. */
export async function replaySequence(
  sequence: Sequence,
  { processes, keepsOrder }: Contest,
): Promise<Replay> {
  const stores = processes.map((process) => process.forTenant(sequence.tenantId));
  const expectation = new Expectation(sequence);
  const faults: string[] = [];
  for (const [index, burst] of sequence.bursts.entries()) {
    const { commands, isRace } = burst;
    const senders = sendersOf(burst, stores, index);
    const answers = await Promise.all(
      senders.flatMap((store) => commands.map((command) => send(store, command))),
    );
    const place = `${sequence.name}, tenant ${sequence.tenantId}, burst ${index}`;
    const expected = expectation.answersTo(commands);
    if (isRace) faults.push(...compareRace(place, expected, answers));
    else if (keepsOrder || !expectation.findOrder(commands, answers)) {
      faults.push(...compare(place, commands, { expected, answers }));
    }
  }
  return { faults, isReordered: expectation.isReordered, oracle: expectation.oracle };
}

/** One process after the other; in a race all of them, and a process that is alone twice. */
function sendersOf({ isRace }: Burst, stores: readonly Store[], index: number): readonly Store[] {
  if (!isRace) return stores.slice(index % stores.length).slice(0, 1);
  return stores.length === 1 ? [...stores, ...stores] : stores;
}

function send(store: Store, { command, settles }: RecordedCommand): Promise<string> {
  return store.commit(command, decide, settles ?? undefined).then(tellDecision, tellFailure);
}

function* compare(
  place: string,
  commands: readonly RecordedCommand[],
  { expected, answers }: { expected: readonly Decision[]; answers: readonly string[] },
): Iterable<string> {
  for (const [index, { command }] of commands.entries()) {
    const decision = expected[index];
    const text = decision === undefined ? "nothing" : tellDecision(decision);
    const where = findDifference(answers[index] ?? "nothing", text);
    if (where !== null) yield `${place}: the answer to ${command.type} ${command.id} ${where}`;
  }
}

/** One carries it out, and everybody else hears what came of it, without its leases. */
function compareRace(
  place: string,
  [first]: readonly Decision[],
  answers: readonly string[],
): readonly string[] {
  if (first === undefined) return [];
  const again = tellDecision(first.ok ? { ...first, leases: [] } : first);
  const others = Array<string>(answers.length - 1).fill(again);
  const expected = [tellDecision(first), ...others].toSorted().join("\n");
  const where = findDifference(answers.toSorted().join("\n"), expected);
  return where === null ? [] : [`${place}: the answers to those who race: ${where}`];
}

function tellFailure(error: unknown): string {
  return `with a failure: ${error instanceof Error ? error.stack : String(error)}`;
}
