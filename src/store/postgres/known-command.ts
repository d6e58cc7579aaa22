/** Whether a wave failed because one of its commands is known by now: nothing of it was written. */
export function isKnownCommand(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (
    cause instanceof Error &&
    Reflect.get(cause, "code") === "23505" &&
    Reflect.get(cause, "table") === "commands"
  );
}
