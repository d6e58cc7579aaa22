import type { PlanEvent } from "../plan/event.ts";
import type { Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

/** Holds one event against what the events before it add up to. */
export type Rule = (event: PlanEvent, before: Trail) => Iterable<Finding>;
