import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../workload.ts";
import type { BenchServer } from "./bench-server.ts";

/** Something that is carried out by processes on a server, and measured. */
export interface PostgresWorkload {
  readonly name: string;
  readonly about: string;
  run(options: BenchOptions, server: BenchServer): Promise<readonly Figure[]>;
}

/** How many equal processes share a database. */
export const PROCESSES: readonly number[] = [1, 2, 4];
