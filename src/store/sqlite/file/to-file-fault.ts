import { StoreFault } from "../../store.ts";

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the system refused to the files of a store, as a fault of the store; anything else as it is. */
export function toFileFault(error: unknown): unknown {
  if (!(error instanceof Error) || StoreFault.is(error)) return error;
  const code: unknown = Reflect.get(error, "code");
  const path: unknown = Reflect.get(error, "path");
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return error;
  const place = typeof path === "string" ? path : "the store's folder";
  if (FULL.has(code)) {
    const message = `the disk is full: ${place} cannot be written (${code})`;
    return new StoreFault("full", message, { cause: error, retryable: true });
  }
  return new StoreFault("unreachable", `${place} cannot be had (${code})`, { cause: error });
}
