import { StoreFault, type StoreFaultCode } from "../store.ts";

interface Meaning {
  readonly code: StoreFaultCode;
  readonly message: string;
  readonly retryable: boolean;
}

const AWAY: Meaning = {
  code: "unreachable",
  message: "the database cannot be reached",
  retryable: true,
};
const LATE: Meaning = {
  code: "unreachable",
  message: "the database did not answer in time",
  retryable: true,
};
const CROSSED: Meaning = {
  code: "failed",
  message: "another transaction was in the way",
  retryable: true,
};
const UNSTORABLE: Meaning = {
  code: "failed",
  message: "Postgres cannot store a text of this (a NUL character, or no valid UTF-8)",
  retryable: false,
};
const NO_ENTRY: Meaning = {
  code: "unreachable",
  message: "the database refuses this user: look at the name, the password and pg_hba.conf",
  retryable: false,
};
const NO_TLS: Meaning = {
  code: "unreachable",
  message: "no TLS connection to the database comes about: look at sslmode in its address",
  retryable: false,
};
const DAMAGED: Meaning = {
  code: "corrupt",
  message: "the database is damaged: look at the server's log, and restore the last backup",
  retryable: false,
};
const NOT_MADE: Meaning = {
  code: "unsupported",
  message: "this database holds no store of this release: planwright db migrate makes one",
  retryable: false,
};

/** What a SQLSTATE means where its class says too little. */
const STATES: Readonly<Record<string, Meaning>> = {
  "22021": UNSTORABLE,
  "22P05": UNSTORABLE,
  "25006": {
    code: "unreachable",
    message: "the database takes no writes: it is a standby, or was set read-only",
    retryable: true,
  },
  "25P03": LATE,
  "25P04": LATE,
  "3D000": {
    code: "unreachable",
    message: "there is no such database: create it first",
    retryable: false,
  },
  "3F000": NOT_MADE,
  "40001": CROSSED,
  "40P01": CROSSED,
  "42501": {
    code: "unsupported",
    message: "the role that connects lacks a right: planwright doctor says which, and who gives it",
    retryable: false,
  },
  "42703": NOT_MADE,
  "42704": {
    code: "unsupported",
    message: "the database lacks something that this needs: planwright db migrate makes it",
    retryable: false,
  },
  "42P01": NOT_MADE,
  "53100": { code: "full", message: "the database's disk is full", retryable: true },
  "53300": {
    code: "unreachable",
    message: "the database takes no more connections",
    retryable: true,
  },
  "55P03": CROSSED,
  "57014": LATE,
  "57P04": { code: "unreachable", message: "the database has been dropped", retryable: false },
  "58030": { code: "full", message: "the database cannot read or write its disk", retryable: true },
  XX001: DAMAGED,
  XX002: DAMAGED,
};

/** What a class of SQLSTATEs means: their first two characters. */
const CLASSES: Readonly<Record<string, Meaning>> = {
  "08": AWAY,
  "28": NO_ENTRY,
  "53": { code: "failed", message: "the database lacks a resource", retryable: true },
  "57": AWAY,
};

const OTHERWISE: Meaning = { code: "failed", message: "the database failed", retryable: false };

/** What the system says of a connection that does not come about, or breaks off. */
const SYSTEM_CODES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** What `pg` says without a code, by how its words begin. */
const WORDS: readonly { readonly beginning: string; readonly meaning: Meaning }[] = [
  { beginning: "Query read timeout", meaning: LATE },
  { beginning: "timeout expired", meaning: LATE },
  { beginning: "timeout exceeded", meaning: LATE },
  { beginning: "Connection terminated due to connection timeout", meaning: LATE },
  { beginning: "Connection terminated", meaning: AWAY },
  { beginning: "Client has encountered a connection error", meaning: AWAY },
  { beginning: "Client was closed", meaning: AWAY },
  { beginning: "SASL", meaning: NO_ENTRY },
  { beginning: "The server does not support SSL", meaning: NO_TLS },
  { beginning: "There was an error establishing an SSL", meaning: NO_TLS },
  {
    beginning: "Cannot use a pool after calling end",
    meaning: { code: "closed", message: "the store has been closed", retryable: false },
  },
];

/** What the driver threw, as a fault of the store; what is no error of the database is left as it is. */
export function toStoreFault(error: unknown): unknown {
  if (!(error instanceof Error) || StoreFault.is(error)) return error;
  const meaning = meaningOf(error);
  if (meaning === null) return error;
  const code = codeOf(error);
  const source = code === null ? error.message : `${error.message || "no answer"}, code ${code}`;
  return new StoreFault(meaning.code, `${meaning.message} (Postgres: ${source})`, {
    cause: error,
    retryable: meaning.retryable,
  });
}

function meaningOf(error: Error): Meaning | null {
  const code = codeOf(error);
  // Only what the server itself says has a severity: codes of the system may look alike.
  if (code !== null && typeof Reflect.get(error, "severity") === "string") {
    return STATES[code] ?? CLASSES[code.slice(0, 2)] ?? OTHERWISE;
  }
  if (code !== null && SYSTEM_CODES.has(code)) return AWAY;
  return WORDS.find(({ beginning }) => error.message.startsWith(beginning))?.meaning ?? null;
}

function codeOf(error: Error): string | null {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : null;
}
