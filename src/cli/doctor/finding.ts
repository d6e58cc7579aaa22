/** What one look at a store has found. */
export interface Finding {
  readonly check:
    | "integrity"
    | "settings"
    | "histories"
    | "artifacts"
    | "workers"
    | "requests"
    | "clock"
    | "schema"
    | "roles"
    | "hints"
    | "feed"
    | "server";
  /** `wrong` must be mended; `note` is worth knowing. */
  readonly level: "well" | "note" | "wrong";
  readonly message: string;
}

export function well(check: Finding["check"], message: string): Finding {
  return { check, level: "well", message };
}

export function note(check: Finding["check"], message: string): Finding {
  return { check, level: "note", message };
}

export function wrong(check: Finding["check"], message: string): Finding {
  return { check, level: "wrong", message };
}
