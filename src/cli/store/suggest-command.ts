import { isPostgresUrl, withoutSecrets } from "../../store/postgres/postgres-url.ts";
import type { Given } from "../given.ts";
import { visible } from "../screen/visible.ts";

/** A command line that goes on from here, to be copied: on the same store. */
export function suggestCommand(given: Given, ...words: readonly string[]): string {
  const where = [...typed(given, "store"), ...typed(given, "artifacts")];
  return ["planwright", ...words, ...where].map(quoted).join(" ");
}

/** A password is never shown, not even to be copied: whoever goes on has to know it. */
function typed(given: Given, option: "store" | "artifacts"): readonly string[] {
  const value = given.text(option);
  if (value === undefined || !given.isTyped(option)) return [];
  return [`--${option}`, isPostgresUrl(value) ? withoutSecrets(value) : value];
}

/** As a shell reads it back; what is unseen is spelled out, as bash and zsh read it. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (visible(word) === word) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const safe = word.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`);
  return `$'${safe.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, codeOf)}'`;
}

/** Its bytes, which a shell reads back whatever its locale is. */
function codeOf(mark: string): string {
  const bytes = [...new TextEncoder().encode(mark)];
  return bytes.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
