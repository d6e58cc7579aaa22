import type { CommandId } from "../../core/id.ts";
import type { Submission } from "../wave.ts";
import type { Session } from "./driver.ts";
import { findCommand } from "./sql/commands.ts";
import { readSpan } from "./sql/read-events.ts";
import { findRevision } from "./sql/revisions.ts";
import type { Owner } from "./sql/save-due.ts";
import type { KnownCommand } from "./wave-lookup.ts";

/** Fetches the first answers to those commands of a wave that have been answered before. */
export async function lookUpCommands(
  session: Session,
  { tenantId, tenantNo }: Owner,
  submissions: readonly Submission[],
  found: Map<CommandId, KnownCommand>,
): Promise<void> {
  const ids = new Set(submissions.map(({ command }) => command.id));
  await Promise.all(
    [...ids].map(async (id) => {
      const record = await findCommand(session, tenantNo, tenantId, id);
      if (record === null) return;
      const { left, revision } = record;
      const events = left === null ? [] : await readSpan(session, left);
      const text =
        left === null || revision === null
          ? null
          : await findRevision(session, left.planNo, revision);
      found.set(id, { record, events, revision: text });
    }),
  );
}
