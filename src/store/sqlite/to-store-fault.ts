import { StoreFault, type StoreFaultCode } from "../store.ts";

interface Meaning {
  readonly code: StoreFaultCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** What to do with a damaged file. */
export const DAMAGED =
  "the database file is damaged: keep a copy of its folder, and restore the last backup into an empty folder";

/** SQLite's primary result codes that mean that the world failed. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  5: { code: "unreachable", message: "the database is locked by another process", retryable: true },
  8: { code: "read-only", message: "the database cannot be written", retryable: false },
  10: { code: "full", message: "the disk cannot be read or written", retryable: true },
  11: { code: "corrupt", message: DAMAGED, retryable: false },
  13: { code: "full", message: "the disk is full", retryable: true },
  14: { code: "unreachable", message: "the database file cannot be opened", retryable: false },
  26: { code: "corrupt", message: "the file is not a database", retryable: false },
};

/** Extended result codes that mean something else than their primary one. */
const SPECIAL: Readonly<Record<number, Meaning>> = {
  776: {
    code: "unreachable",
    message:
      "a process died while it made the database: the next command that writes sets it right",
    retryable: false,
  },
};

const OTHERWISE: Meaning = { code: "failed", message: "the database failed", retryable: false };

/** What the driver threw, as a fault of the store; what is no error of SQLite is left as it is. */
export function toStoreFault(error: unknown): unknown {
  if (!(error instanceof Error) || StoreFault.is(error)) return error;
  if (Reflect.get(error, "code") === "ERR_INVALID_STATE") {
    return new StoreFault("closed", "the store has been closed", { cause: error });
  }
  const code = Reflect.get(error, "errcode");
  if (typeof code !== "number") return error;
  const meaning = SPECIAL[code] ?? MEANINGS[code % 256] ?? OTHERWISE;
  const message = `${meaning.message} (SQLite: ${error.message}, code ${code})`;
  return new StoreFault(meaning.code, message, { cause: error, retryable: meaning.retryable });
}
