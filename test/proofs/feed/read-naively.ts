import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

/**
 * The control: follows the log by position alone, as the superuser. How many events it has seen when
 * there is nothing after its place any more; what was committed behind its back, it has not.
 */
export async function readNaively(url: string, isOver: () => boolean): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let seen = 0;
    for (let place = "0"; ;) {
      const wasOver = isOver();
      const { rows } = await client.query<{ position: string }>(
        "select position from planwright.events where position > $1 order by position limit 5000",
        [place],
      );
      seen += rows.length;
      place = rows.at(-1)?.position ?? place;
      if (rows.length === 0 && wasOver) return seen;
      if (rows.length === 0) await pause(1);
    }
  } finally {
    await client.end();
  }
}
