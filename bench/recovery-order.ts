/** What the process that is killed, and the one after it, are told. */
export interface RecoveryOrder {
  readonly mode: "begin" | "resume";
  readonly store: string;
  readonly plans: number;
  readonly steps: number;
}

export const STEP_MS = 20;
