import type { Given } from "../given.ts";

/** A command line that goes on from here, to be copied: on the same store. */
export function suggestCommand(given: Given, ...words: readonly string[]): string {
  const store = given.text("store");
  const where = store !== undefined && given.isTyped("store") ? ["--store", store] : [];
  return ["planwright", ...words, ...where].map(quoted).join(" ");
}

/** As a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
