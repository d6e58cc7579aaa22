import type { Decision } from "../../../src/core/plan/decision.ts";
import { Oracle } from "./oracle.ts";
import { tellDecision } from "./tell-decision.ts";
import type { RecordedCommand, Sequence } from "./sequence.ts";

/**
 * What one store has to answer. As it was recorded, unless commands that were sent at the same moment
 * were carried out in another order: from then on what follows from that order.
 */
export class Expectation {
  readonly #recorded: Oracle;
  readonly #carriedOut: RecordedCommand[] = [];
  /** Null: everything came in the order of the recording. */
  #own: Oracle | null = null;
  /** The commands of this burst, as answered in the order of sending. */
  #expected: readonly Decision[] = [];

  constructor({ oracle }: Sequence) {
    this.#recorded = oracle;
  }

  get oracle(): Oracle {
    return this.#own ?? this.#recorded;
  }

  get isReordered(): boolean {
    return this.#own !== null;
  }

  /** What comes of commands in the order of sending. */
  answersTo(commands: readonly RecordedCommand[]): readonly Decision[] {
    const own = this.#own;
    this.#expected = commands.map(
      ({ command, settles, answer }) => own?.send(command, settles) ?? answer,
    );
    this.#carriedOut.push(...commands);
    return this.#expected;
  }

  /** Whether there is an order in which the last commands come to these answers; it is kept to. */
  findOrder(commands: readonly RecordedCommand[], answers: readonly string[]): boolean {
    if (this.#expected.every((decision, index) => tellDecision(decision) === answers[index])) {
      return true;
    }
    const before = this.#carriedOut.slice(0, -commands.length);
    for (const order of ordersOf(commands.map((_, index) => index))) {
      const oracle = new Oracle();
      for (const { command, settles } of before) oracle.send(command, settles);
      const fits = order.every((index) => {
        const { command, settles } = commands[index] ?? {};
        if (command === undefined) return false;
        return tellDecision(oracle.send(command, settles ?? null)) === answers[index];
      });
      if (!fits) continue;
      const inOrder = order.flatMap((index) => commands.slice(index, index + 1));
      this.#carriedOut.splice(before.length, commands.length, ...inOrder);
      this.#own = oracle;
      return true;
    }
    return false;
  }
}

function* ordersOf(left: readonly number[]): Iterable<readonly number[]> {
  if (left.length === 0) yield [];
  for (const first of left) {
    for (const rest of ordersOf(left.filter((one) => one !== first))) yield [first, ...rest];
  }
}
