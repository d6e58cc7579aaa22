import type { Client } from "pg";
import type { Session, Value } from "./driver.ts";
import { toStoreFault } from "./to-store-fault.ts";

/** Statements on one connection of one's own, in the scope that it was begun with. */
export function sessionOf(client: Client): Session {
  return {
    rows: async <Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> => {
      try {
        const { rows } = await client.query(sql, [...values]);
        return rows;
      } catch (error) {
        throw toStoreFault(error);
      }
    },
  };
}
