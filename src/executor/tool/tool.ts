import type { Json, JsonSchema } from "../../core/json.ts";
import type { Effect } from "../../core/plan/document.ts";
import type { Feedback } from "../../core/plan/event.ts";
import type { Pure } from "../../core/pure.ts";
import type { ArtifactRef } from "../../core/step/outcome.ts";
import type { NewArtifact, Workspace } from "../../engine/executor.ts";
import type { ToolEffects } from "../../engine/pins.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Tried } from "../tried.ts";

/** What a tool may use while it is at work. */
export interface ToolContext {
  readonly tenantId: string;
  readonly planId: string;
  readonly stepKey: string;
  readonly attempt: number;
  /** The same for every attempt at this call: to be handed to whoever is called (G5). */
  readonly idempotencyKey: string;
  /** The checks that failed in the last round; empty in the first. */
  readonly feedback: readonly Feedback[];
  /** Aborted when the attempt no longer counts. */
  readonly signal: AbortSignal;
  readonly runtime: Pick<Runtime, "now" | "monotonic" | "setTimer">;
  /** Says that the work is alive, for steps with an idle timeout. */
  readonly heartbeat: () => void;
  /** A line for those who follow. */
  readonly note: (text: string) => void;
  /** Keeps content as an artifact of the step. */
  readonly publish: (artifact: NewArtifact) => Promise<ArtifactRef>;
  /** The folder that the step's commands see, too. */
  readonly workspace: () => Promise<Workspace>;
}

/** A function that plans may call by name. Made by `defineTool`. */
export interface Tool {
  readonly name: string;
  readonly description: string | null;
  /** What a crash in the middle of a call means. */
  readonly effect: Effect;
  /** Where its input is described by one. */
  readonly inputSchema: JsonSchema | null;
  /** Reads the input, does the work and reads what came out of it; throws what the work throws. */
  call(input: Json, context: ToolContext, pure: Pick<Pure, "validate">): Promise<Tried<Json>>;
}

/** What the engine pins plans to. */
export function effectsOf(tools: readonly Tool[]): ToolEffects {
  return new Map(tools.map(({ name, effect }) => [name, effect]));
}
