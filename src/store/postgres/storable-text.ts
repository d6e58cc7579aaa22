/**
 * Text as a column of Postgres can hold it: NUL, which it cannot, is written by an escape character
 * that nobody uses (P20). Values of plans need none of this: their JSON has no NUL in it.
 */
export function toStorable(text: string): string {
  return SPECIAL.test(text) ? text.replaceAll(SPECIAL_ALL, (one) => ESCAPE + codeOf(one)) : text;
}

/** The text that was made storable. */
export function fromStorable(text: string): string {
  return text.includes(ESCAPE) ? text.replaceAll(ESCAPED, (_, code: string) => textOf(code)) : text;
}

/** Whether a name from outside can be the name of anything here. */
export function canBeStored(name: string): boolean {
  return !name.includes("\u0000");
}

const ESCAPE = "\ue000";
// oxlint-disable-next-line no-control-regex -- NUL is what this is about
const SPECIAL = /[\u0000\ue000]/;
// oxlint-disable-next-line no-control-regex -- NUL is what this is about
const SPECIAL_ALL = /[\u0000\ue000]/g;
const ESCAPED = /\ue000([0e])/g;

function codeOf(character: string): string {
  return character === ESCAPE ? "e" : "0";
}

function textOf(code: string): string {
  return code === "e" ? ESCAPE : "\u0000";
}
