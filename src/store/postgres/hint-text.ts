import type { WorkHint } from "../store.ts";

/** What goes from process to process: who sent it, and whom it concerns, or that it is a heartbeat. */
export type HintMessage =
  | { readonly from: string; readonly hint: WorkHint }
  | { readonly from: string; readonly beat: number };

/** Stands for every pool. */
const EVERYBODY = "*";
/** The server takes no longer texts than 8,000 bytes. */
const BYTES_MAX = 7999;

/** The text of a hint about some pools; where they are too many for one, it is about everybody. */
export function hintText(from: string, pools: ReadonlySet<string>): string {
  const text = JSON.stringify({ from, pools: pools.has(EVERYBODY) ? EVERYBODY : [...pools] });
  if (new TextEncoder().encode(text).length <= BYTES_MAX) return text;
  return JSON.stringify({ from, pools: EVERYBODY });
}

export function beatText(from: string, beat: number): string {
  return JSON.stringify({ from, beat });
}

/** Null for what is no hint of ours: anybody who may connect may send anything. */
export function readHintText(text: string): HintMessage | null {
  const message = parse(text);
  if (typeof message !== "object" || message === null) return null;
  const from: unknown = Reflect.get(message, "from");
  if (typeof from !== "string") return null;
  const beat: unknown = Reflect.get(message, "beat");
  if (typeof beat === "number") return { from, beat };
  const pools: unknown = Reflect.get(message, "pools");
  if (pools === EVERYBODY) return { from, hint: "everybody" };
  if (!Array.isArray(pools)) return null;
  return { from, hint: new Set(pools.filter((pool) => typeof pool === "string")) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
