const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a method changes nothing, so that a broken request leaves no doubt. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}
