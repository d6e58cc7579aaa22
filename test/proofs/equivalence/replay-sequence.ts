import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { Stores } from "../../../src/store/store.ts";
import { findDifference, tell } from "./difference.ts";
import type { Burst, RecordedCommand, Sequence } from "./sequence.ts";

/** What a store answered otherwise than the rules do, when a sequence was sent to its processes in turn. */
export async function replaySequence(
  sequence: Sequence,
  processes: readonly Stores[],
): Promise<readonly string[]> {
  const stores = processes.map((process) => process.forTenant(sequence.tenantId));
  const faults: string[] = [];
  for (const [index, burst] of sequence.bursts.entries()) {
    const senders = burst.isRace ? stores : stores.slice(index % stores.length).slice(0, 1);
    const sends = burst.isRace && stores.length === 1 ? [...stores, ...stores] : senders;
    const answers = await Promise.all(
      sends.flatMap((store) =>
        burst.commands.map(({ command, settles }) =>
          store.commit(command, decide, settles ?? undefined).then(tellDecision, tellFailure),
        ),
      ),
    );
    const place = `${sequence.name}, tenant ${sequence.tenantId}, burst ${index}`;
    faults.push(...compare(place, burst, answers, sends.length));
  }
  return faults;
}

function* compare(
  place: string,
  { commands, isRace }: Burst,
  answers: readonly string[],
  times: number,
): Iterable<string> {
  const expected = isRace ? expectedOfRace(commands, times) : commands.map(tellAnswer);
  const given = isRace ? answers.toSorted() : answers;
  for (const [index, text] of expected.entries()) {
    const where = findDifference(given[index] ?? "nothing", text);
    if (where === null) continue;
    const { type, id } = (commands[index] ?? commands[0])?.command ?? { type: "none", id: "none" };
    yield `${place}: the answer to ${type} ${id} ${where}`;
  }
}

/** One carries it out, and everybody else hears what came of it, without its leases. */
function expectedOfRace(commands: readonly RecordedCommand[], times: number): readonly string[] {
  return commands
    .flatMap(({ answer }) => {
      const again: Decision = answer.ok ? { ...answer, leases: [] } : answer;
      return [tellDecision(answer), ...Array<string>(times - 1).fill(tellDecision(again))];
    })
    .toSorted();
}

function tellAnswer({ answer }: RecordedCommand): string {
  return tellDecision(answer);
}

/** A decision as text; of what an executor's expressions can see, the inputs. */
function tellDecision(decision: Decision): string {
  if (!decision.ok) return tell(decision);
  const leases = decision.leases.map(({ scope, ...lease }) => ({ ...lease, inputs: scope.inputs }));
  return tell({ ...decision, leases });
}

function tellFailure(error: unknown): string {
  return `with a failure: ${error instanceof Error ? error.stack : String(error)}`;
}
