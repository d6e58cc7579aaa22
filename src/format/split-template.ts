/** A piece of a string that may hold expressions. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string };

/** The pieces of a string, or where an expression is not closed. */
export type TemplateSplit =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly message: string };

const OPEN = "${{";
const ESCAPED = "$${{";

/** Splits a string at its `${{ … }}`. An expression ends at the `}}` outside its own quotes and braces. */
export function splitTemplate(text: string): TemplateSplit {
  const parts: TemplatePart[] = [];
  let plain = "";
  let index = 0;
  while (index < text.length) {
    const next = text.indexOf(OPEN, index);
    if (next === -1) break;
    if (next > index && text.startsWith(ESCAPED, next - 1)) {
      plain += text.slice(index, next - 1) + OPEN;
      index = next + OPEN.length;
      continue;
    }
    plain += text.slice(index, next);
    const end = findEnd(text, next + OPEN.length);
    if (end === null) return { ok: false, message: unclosed(text, next) };
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
    parts.push({ kind: "expression", source: text.slice(next + OPEN.length, end).trim() });
    index = end + 2;
  }
  plain += text.slice(index);
  if (plain !== "") parts.push({ kind: "text", text: plain });
  return { ok: true, parts };
}

function unclosed(text: string, offset: number): string {
  const shown = text.slice(offset, offset + 40);
  return `${JSON.stringify(shown)} is not closed: end the expression with }}, or write $\${{ for a plain \${{`;
}

/** Where the `}}` of the expression that begins here stands; null where there is none. */
function findEnd(text: string, start: number): number | null {
  let braces = 0;
  let index = start;
  while (index < text.length) {
    const character = text[index];
    if (character === '"' || character === "'") {
      index = endOfString(text, index, character);
      continue;
    }
    if (character === "{") braces += 1;
    else if (character === "}" && braces > 0) braces -= 1;
    else if (character === "}") return text[index + 1] === "}" ? index : null;
    index += 1;
  }
  return null;
}

/** The place after a string of CEL, which is quoted once or three times. */
function endOfString(text: string, start: number, quote: string): number {
  const triple = quote.repeat(3);
  const closer = text.startsWith(triple, start) ? triple : quote;
  let index = start + closer.length;
  while (index < text.length) {
    if (text.startsWith(closer, index)) return index + closer.length;
    index += text[index] === "\\" ? 2 : 1;
  }
  return index;
}
