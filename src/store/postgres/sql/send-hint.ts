import type { Session } from "../driver.ts";

/** Sends a text to all who listen; nothing of it is kept, so nobody waits for a disk. */
export async function sendHint(session: Session, text: string): Promise<void> {
  await session.rows(
    "select set_config('synchronous_commit', 'off', true), pg_notify('planwright', $1)",
    text,
  );
}
