/**
 * Lets one at a time at a plan: what is folded is written in place, and is the truth only once the
 * database has it. Who only looks stands in line; a wave that found the gate taken has its turn in
 * the same line, so that neither keeps the other out.
 */
export class PlanGate {
  readonly #gates = new Map<string, Gate>();
  readonly #onTurn: () => void;

  /** @param onTurn hears that it is a wave's turn somewhere */
  constructor(onTurn: () => void) {
    this.#onTurn = onTurn;
  }

  /** Enters for a wave; false where that has to wait for its turn. */
  tryEnter(key: string): boolean {
    const gate = this.#gates.get(key);
    if (gate === undefined) {
      this.#gates.set(key, { isReserved: false, line: [] });
      return true;
    }
    if (gate.isReserved) {
      gate.isReserved = false;
      return true;
    }
    if (!gate.line.includes(WAVE)) gate.line.push(WAVE);
    return false;
  }

  /** Resolves with the gate taken, for who looks. */
  enter(key: string): Promise<void> {
    const gate = this.#gates.get(key);
    if (gate !== undefined) return new Promise((resolve) => gate.line.push(resolve));
    this.#gates.set(key, { isReserved: false, line: [] });
    return Promise.resolve();
  }

  leave(key: string): void {
    const gate = this.#gates.get(key);
    const next = gate?.line.shift();
    if (gate === undefined || next === undefined) {
      this.#gates.delete(key);
    } else if (next === WAVE) {
      gate.isReserved = true;
      this.#onTurn();
    } else next();
  }
}

const WAVE = Symbol("wave");

interface Gate {
  /** It is a wave's turn, which has not come yet. */
  isReserved: boolean;
  line: ((() => void) | typeof WAVE)[];
}
