/** What keeps anything from growing without end. Every limit has a finite default. */
export interface Limits {
  readonly stepsMax: number;
  /** Sub-plans within sub-plans. */
  readonly depthMax: number;
  readonly needsPerStepMax: number;
  /** Children of one `forEach`. */
  readonly forEachMax: number;
  /** A value that stands in an event, in bytes of JSON; larger ones are artifacts. */
  readonly valueBytesMax: number;
  /** The outputs of all children of one `forEach` together. */
  readonly listBytesMax: number;
  /** Signals of one name that are kept while nobody waits. */
  readonly signalsMax: number;
  readonly recoveriesBeforeAlone: number;
  readonly recoveriesMax: number;
  /** Default timeout of an attempt. */
  readonly timeoutMs: number;
  /** Default working time of a plan. */
  readonly wallMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  stepsMax: 2000,
  depthMax: 5,
  needsPerStepMax: 1000,
  forEachMax: 1000,
  valueBytesMax: 64 * 1024,
  listBytesMax: 1024 * 1024,
  signalsMax: 1000,
  recoveriesBeforeAlone: 3,
  recoveriesMax: 5,
  timeoutMs: 60 * 60 * 1000,
  wallMs: 24 * 60 * 60 * 1000,
};

/** Limits as a log names them; one that came later than the log has its default. */
export function completeLimits(named: Limits): Limits {
  return { ...DEFAULT_LIMITS, ...named };
}
