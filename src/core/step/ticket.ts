/** A step's place in line: higher priority first, among equals the smaller `seq`. */
export interface Ticket {
  readonly stepKey: string;
  readonly seq: number;
  readonly priority: number;
  /** It may not start before this time; null: at once. */
  readonly notBefore: number | null;
}

/** Whether one ticket starts before another where both may. */
export function comesBefore(left: Ticket, right: Ticket): boolean {
  if (left.priority !== right.priority) return left.priority > right.priority;
  return left.seq < right.seq;
}
