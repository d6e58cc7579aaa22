import { readPattern, type Judge } from "./patterns.ts";

/** Formats whose judges in the library take time linear in the text. */
const LIBRARY: ReadonlySet<string> = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
]);

const URI_CHARACTERS = /^[^\s<>"{}|\\^`\p{Cc}]*$/u;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;

/** Formats judged here: the library's own would take time out of proportion. */
const OWN: Readonly<Record<string, Judge>> = {
  uri: (text) => isReference(text) && SCHEME.test(text) && isUrlWhereWeb(text),
  "uri-reference": isReference,
  regex: (text) => readPattern(text).ok,
};

/** How a format is judged: by the library, by us, or (any other) not at all, as a mere remark. */
export function judgeOfFormat(format: string): "library" | Judge | null {
  if (LIBRARY.has(format)) return "library";
  return Object.hasOwn(OWN, format) ? (OWN[format] ?? null) : null;
}

function isReference(text: string): boolean {
  return URI_CHARACTERS.test(text) && !BAD_ESCAPE.test(text);
}

function isUrlWhereWeb(text: string): boolean {
  return !/^https?:/i.test(text) || URL.canParse(text);
}
