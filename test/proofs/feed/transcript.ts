import type { PlanId, TenantId } from "../../../src/core/id.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { FeedCursor } from "../../../src/store/store.ts";

const FAULTS_MAX = 5;

/** Where a page ended: how many events had been told by then. */
interface Mark {
  readonly cursor: FeedCursor | null;
  readonly place: number;
}

/** What one reader was told, in two numbers an event: the plan and the number in it. */
export class Transcript {
  readonly faults: string[] = [];
  readonly tenantId: TenantId;
  readonly #plans = new Map<PlanId, number>();
  readonly #last: number[] = [];
  #told = new Int32Array(1 << 12);
  #length = 0;
  #marks: Mark[] = [{ cursor: null, place: 0 }];

  constructor(tenantId: TenantId) {
    this.tenantId = tenantId;
  }

  get length(): number {
    return this.#length;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get plans(): ReadonlyMap<PlanId, number> {
    return new Map([...this.#plans].map(([planId, plan]) => [planId, this.#last[plan] ?? 0]));
  }

  /** Each plan's events come one after the other: none is missing, none comes twice (I23). */
  hear(events: readonly PlanEvent[], cursor: FeedCursor | null): void {
    for (const { id, tenantId, planId, seq } of events) {
      const plan = this.#plans.get(planId) ?? this.#plans.size;
      this.#plans.set(planId, plan);
      const before = this.#last[plan] ?? 0;
      if (tenantId !== this.tenantId) this.#blame(`${id} is of tenant ${tenantId}`);
      if (seq !== before + 1) this.#blame(`${id} was told after number ${before}`);
      this.#last[plan] = seq;
      this.#write(plan, seq);
    }
    if (events.length > 0) this.#marks.push({ cursor, place: this.#length });
  }

  /** Whether the same comes again after a mark. */
  compare(mark: Mark, events: readonly PlanEvent[]): void {
    for (const [index, { id, planId, seq }] of events.entries()) {
      const at = mark.place + index;
      if (at >= this.#length) return;
      const isSame =
        this.#told[2 * at] === this.#plans.get(planId) && this.#told[2 * at + 1] === seq;
      if (!isSame) this.#blame(`${id} was told at place ${at} after ${mark.cursor}, not before`);
    }
  }

  /** The order of all events as one text, the same for everybody who was told the same. */
  digest(hash: (bytes: Uint8Array) => string): string {
    const told = this.#told.subarray(0, 2 * this.#length);
    return hash(new Uint8Array(told.buffer, 0, told.byteLength));
  }

  #write(plan: number, seq: number): void {
    const at = 2 * this.#length;
    if (at === this.#told.length) {
      const longer = new Int32Array(2 * this.#told.length);
      longer.set(this.#told);
      this.#told = longer;
    }
    this.#told[at] = plan;
    this.#told[at + 1] = seq;
    this.#length += 1;
  }

  #blame(what: string): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(what);
  }
}
