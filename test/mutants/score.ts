import type { Found } from "./hunt.ts";
import type { Mutant } from "./mutants.ts";

/** A planted bug, and who found it. */
export interface Hunted {
  readonly mutant: Mutant;
  readonly found: Found;
}

/** The table of planted bugs, as it stands in the README beside them. */
export function writeScore(
  hunted: readonly Hunted[],
  limits: { readonly seeds: string; readonly runs: string },
): string {
  const killed = hunted.filter(({ found }) => found.fuzz !== null || found.seed !== null).length;
  return `# Planted bugs

A test that cannot see a planted bug is no evidence. Each of these is one small change of the sources
(\`mutants.ts\`); \`npm run mutants\` plants them one by one in a copy and lets the two random engines
loose on it: the command fuzz (${limits.runs} runs of up to 60 commands) and the simulator (up to ${limits.seeds}
seeds, until the first that fails). One that both let live is a hole in them.

**${killed} of ${hunted.length} found.**

| bug | what it does | fuzz | simulator |
| --- | --- | --- | --- |
${hunted.map(row).join("\n")}
`;
}

function row({ mutant, found }: Hunted): string {
  const fuzz = found.fuzz === null ? "–" : "found";
  const simulator = found.seed === null ? "–" : `seed ${found.seed}`;
  return `| ${mutant.name} | ${mutant.does} | ${fuzz} | ${simulator} |`;
}
