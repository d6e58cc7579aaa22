import type { TenantId } from "../../../src/core/id.ts";
import type { StoreReader } from "../../../src/store/store.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { Transcript } from "./transcript.ts";

export interface Poll {
  readonly transcript: Transcript;
  readonly pages: number;
  /** Reads from an earlier place. */
  readonly resumed: number;
}

/** Whom a reader asks each time, and when there will be nothing new. */
export interface PollOptions {
  readonly tenantId: TenantId;
  readonly readers: readonly StoreReader[];
  readonly chance: Chance;
  readonly isOver: () => boolean;
}

const PAGE_MAX = 3000;
const RESUME_RATE = 0.05;

/** Follows the feed from its beginning, at any process, and goes back to earlier places now and then. */
export async function poll({ tenantId, readers, chance, isOver }: PollOptions): Promise<Poll> {
  const transcript = new Transcript(tenantId);
  let [pages, resumed] = [0, 0];
  for (let cursor: string | null = null; ; pages += 1) {
    const wasOver = isOver();
    const reader = chance.pick(readers, "reader", pages);
    const limit = Math.ceil(PAGE_MAX * chance.draw("limit", pages) ** 3);
    const page = await reader.feed(cursor, limit);
    transcript.hear(page.events, page.cursor);
    cursor = page.cursor;
    if (wasOver && page.events.length === 0) return { transcript, pages, resumed };
    if (!chance.happens(RESUME_RATE, "resume", pages)) continue;
    const mark = chance.pick(transcript.marks, "mark", pages);
    const again = await reader.feed(mark.cursor, chance.between(1, PAGE_MAX, "again", pages));
    transcript.compare(mark, again.events);
    resumed += 1;
  }
}
