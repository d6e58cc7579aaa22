/** Which statements count, for whoever watches a connection. They are told their first kilobyte. */
export interface StatementRules {
  /** Ends a transaction for good: COMMIT, if not said. */
  readonly isCommit?: (statement: string) => boolean;
  /** Writes what matters: commits of transactions without such a one are not looked at. All, if not said. */
  readonly isWrite?: (statement: string) => boolean;
}

/** What part a statement has in its transaction; several together where it is a list of statements. */
export interface StatementPart {
  readonly begins: boolean;
  readonly writes: boolean;
  readonly commits: boolean;
}

export const NO_PART: StatementPart = { begins: false, writes: false, commits: false };

const BEGIN = /^\s*(?:begin|start\s+transaction)\b/i;
/** The last one of a list counts. */
const COMMIT =
  /(?:^|;)\s*(?:commit|end)(?:\s+(?:work|transaction))?(?:\s+and\s+(?:no\s+)?chain)?\s*;?\s*$/i;

export function partOf(statement: string, rules: StatementRules): StatementPart {
  return {
    begins: BEGIN.test(statement),
    writes: rules.isWrite?.(statement) ?? true,
    commits: rules.isCommit?.(statement) ?? COMMIT.test(statement),
  };
}
