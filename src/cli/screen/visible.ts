/**
 * What a terminal would obey instead of showing it, or show where it does not stand: control
 * characters and ANSI sequences, bidirectional marks, zero-width and tag characters, lone surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Text from outside as one line, with all that is unseen spelled out (SEC-12). */
export function visible(text: string): string {
  return text.replace(UNSEEN, spell);
}

/** Text from outside that may have lines and tabs of its own. */
export function visibleLines(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (mark) => (mark === "\n" || mark === "\t" ? mark : spell(mark)));
}

/** A value as JSON that says the same to a program and does nothing to a terminal. */
export function visibleJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  // Between the tokens there is nothing but the line breaks of the indent.
  return text.replace(UNSEEN, (mark) => (mark === "\n" ? mark : spellUnits(mark)));
}

function spell(mark: string): string {
  switch (mark) {
    case "\n":
      return String.raw`\n`;
    case "\r":
      return String.raw`\r`;
    case "\t":
      return String.raw`\t`;
    default:
      return `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`;
  }
}

/** As JSON escapes it: each UTF-16 unit by itself. */
function spellUnits(mark: string): string {
  let text = "";
  for (let index = 0; index < mark.length; index += 1) {
    text += `\\u${mark.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return text;
}
