import type { ExitCode } from "./exit-code.ts";
import type { Given } from "./given.ts";
import type { Face } from "./screen/face.ts";

/** What a command does; it says how it ended. */
export type Act = (given: Given, face: Face) => Promise<ExitCode>;

/** One command as it is typed and explained. Its code is loaded when it is called. */
export interface CommandText {
  readonly name: string;
  /** Such as `<plan> [step]`. */
  readonly arguments?: string;
  readonly summary: string;
  readonly details?: string;
  readonly example: string;
  readonly options?: readonly OptionText[];
  readonly load: () => Promise<Act>;
}

/** Commands about one thing. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandText[];
}

export interface OptionText {
  /** Such as `--store <path>`. */
  readonly flags: string;
  readonly summary: string;
  /** The variable that says it where the flag does not. */
  readonly environment?: string;
  readonly default?: string;
  readonly repeated?: true;
  readonly choices?: readonly string[];
  /** What its text must be, besides text. */
  readonly kind?: "duration" | "whole-number" | "json";
}
