/** A value that must be there; where it is not, the program is wrong, not its user. */
export function known<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`not there: ${what}`);
  return value;
}
