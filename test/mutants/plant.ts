import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

/** The text of a file with its bug planted, or why it cannot be. */
export type Planted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** Plants a bug into the text of its file; nothing is written. */
export function plant(root: string, { name, file, find, replace }: Mutant): Planted {
  const text = readFileSync(join(root, file), "utf8");
  const parts = text.split(find);
  if (parts.length === 2) return { ok: true, text: parts.join(replace) };
  const times = parts.length === 1 ? "is not there" : `is there ${parts.length - 1} times`;
  return { ok: false, message: `"${name}": what it replaces in ${file} ${times}` };
}
