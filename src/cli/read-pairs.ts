import { clip } from "./screen/table.ts";
import { UsageFault } from "./usage-fault.ts";

/** Reads the `name=value` of a repeatable option; a name that comes twice is refused, not guessed. */
export function readPairs(option: string, typed: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of typed) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageFault(`${option} takes name=value, not ${quoted(pair)}`);
    const name = pair.slice(0, at);
    const before = pairs.get(name);
    if (before !== undefined) throw givenTwice(option, `${name}=${before}`, pair);
    pairs.set(name, pair.slice(at + 1));
  }
  return pairs;
}

function givenTwice(option: string, first: string, second: string): UsageFault {
  return new UsageFault(
    `${option} is given both ${quoted(first)} and ${quoted(second)}: keep one of them`,
  );
}

function quoted(pair: string): string {
  return JSON.stringify(clip(pair, 80));
}
