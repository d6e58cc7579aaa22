import type { ArtifactId } from "../id.ts";
import type { Json } from "../json.ts";

/** Why an attempt or a step failed. `code` is stable and hyphenated; `message` is for people. */
export interface StepError {
  readonly code: string;
  readonly message: string;
  /** Whether another attempt of the same could end otherwise. */
  readonly retryable: boolean;
  /** Whether an effect may have happened all the same (a call that was cut off). */
  readonly ambiguous?: boolean;
  /** Where in the output or input it is wrong (RFC 6901). */
  readonly pointer?: string;
  readonly details?: Json;
}

/** A stored output, named by its content. `sha256` is 64 hex digits, `size` in bytes. */
export interface ArtifactRef {
  readonly id: ArtifactId;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly mediaType: string;
}

/** What a command check found, before it is judged. */
export interface CommandCheckResult {
  /** Position in the step's list of checks. */
  readonly index: number;
  readonly passed: boolean;
  readonly exitCode?: number;
  readonly message: string;
  readonly artifactId?: ArtifactId;
}

/** How an attempt ended, as its worker tells it. */
export type Outcome =
  | {
      readonly kind: "succeeded";
      readonly output: Json;
      /** What is missing, where the owner says that it is not all done. */
      readonly partial?: string;
      readonly artifacts?: readonly ArtifactRef[];
      readonly checks?: readonly CommandCheckResult[];
      readonly workedMs?: number;
    }
  | {
      readonly kind: "failed";
      readonly error: StepError;
      readonly artifacts?: readonly ArtifactRef[];
      readonly workedMs?: number;
    };
