import { inject } from "vitest";
import { createDatabaseOn, type TestDatabase } from "./create-database-on.ts";

/** An empty database on the server of the suite, for a test or a test file. */
export async function createDatabase(): Promise<TestDatabase> {
  const response = await fetch(inject("postgres"));
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return createDatabaseOn(answer);
}
