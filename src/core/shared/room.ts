import type { LimitKey } from "./limit-key.ts";

/** What is left of a key now; Infinity where nothing limits it. */
export type Room = (key: LimitKey) => number;

/** Where nothing is limited. */
export const UNLIMITED: Room = () => Infinity;
