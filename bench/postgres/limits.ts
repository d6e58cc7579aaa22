import type { Figure } from "../figure.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { ONE_ROW, rawPerSecond, ROWS_OF_A_STEP, type Way } from "./raw-transactions.ts";

const WAYS: readonly Way[] = ["in turn", "pipelined", "bare"];
const CONNECTIONS: readonly number[] = [1, 8];

/** What the server gives at all. */
export const limits: PostgresWorkload = {
  name: "limits",
  about: "raw transactions of 1 and 8 connections, with the rows that a step leaves",
  run: async ({ runs, short }, server) => {
    await using database = await server.createDatabase();
    const ms = short ? 20 : 500;
    const figures: Figure[] = [];
    for (const { what, rows } of ROWS) {
      for (const way of WAYS) {
        for (const connections of CONNECTIONS) {
          const values: number[] = [];
          for (let run = 0; run < runs; run += 1) {
            values.push(await rawPerSecond(database.url, { connections, way, rows, ms }));
          }
          figures.push(told(`${connections} × ${way}, ${what}`, values));
        }
      }
    }
    return figures;
  },
};

const ROWS = [
  { what: "rows of a step", rows: ROWS_OF_A_STEP },
  { what: "one row", rows: ONE_ROW },
] as const;

function told(what: string, values: readonly number[]): Figure {
  const unit = "transactions/s";
  return { workload: "limits", what, unit, values, limit: null, judged: "value", target: null };
}
