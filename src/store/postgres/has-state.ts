/** Whether a fault is what the database says with one of these SQLSTATEs. */
export function hasState(error: unknown, states: readonly string[]): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" && states.includes(code);
}
