import { big } from "./big.ts";
import { chain } from "./chain.ts";
import { fan } from "./fan.ts";
import { limits } from "./limits.ts";
import { makespan } from "./makespan.ts";
import { many } from "./many.ts";
import { open } from "./open.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { recovery } from "./recovery.ts";
import { start } from "./start.ts";
import { wake } from "./wake.ts";

export const POSTGRES_WORKLOADS: readonly PostgresWorkload[] = [
  limits,
  chain,
  fan,
  many,
  makespan,
  wake,
  big,
  recovery,
  open,
  start,
];
