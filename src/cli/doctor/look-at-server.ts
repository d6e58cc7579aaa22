import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { checkServer } from "./check-server.ts";
import type { Foundation } from "./look-at-file.ts";

/** How the database of a store is set, who connects to it, and what others make of it. */
export async function lookAtServer(url: string): Promise<Foundation> {
  const { inspectPostgres } = await import("../../store/postgres/inspect-postgres.ts");
  const report = await inspectPostgres(url, createSystemRuntime());
  const { pending, unbound, settings } = report;
  const isReadable = pending?.length === 0 && unbound === null && !settings.isStandby;
  return { settings: report, findings: checkServer(report), isReadable };
}
