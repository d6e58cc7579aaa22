/** An evaluation that would cost more than its measure: it ends without a clock (SEC-24). */
export class CostError extends Error {
  constructor() {
    super("the expression costs too much on values of this size: work on less, or in a step");
    this.name = "CostError";
  }
}

/** Work that one expression may do in all, as evaluations of a node. */
const WORK_MAX = 2_000_000;

/** Counts down the work of one evaluation. */
export interface Meter {
  charge(cost: number): void;
  readonly exhausted: boolean;
}

/** A meter for an expression of so many nodes: one charge may stand for a walk through them all. */
export function createMeter(nodeCount: number): Meter {
  let left = WORK_MAX / Math.max(1, nodeCount);
  return {
    charge(cost) {
      left -= cost;
      if (left < 0) throw new CostError();
    },
    get exhausted() {
      return left < 0;
    },
  };
}
