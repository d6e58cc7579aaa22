import type { CommandGroup, CommandText } from "../command.ts";
import { artifactCommands } from "./artifact.ts";
import { dbCommands } from "./db.ts";
import { doctorCommand } from "./doctor.ts";
import { limitCommands, tenantCommands } from "./limit.ts";
import { planCommands } from "./plan.ts";
import { requestCommands } from "./request.ts";
import { runCommand } from "./run.ts";
import { signalCommand } from "./signal.ts";
import { stepCommands } from "./step.ts";
import { workerCommand } from "./worker.ts";

/** Everything that can be typed, in the order in which help tells it. */
export const COMMAND_LIST: readonly (CommandText | CommandGroup)[] = [
  runCommand,
  planCommands,
  stepCommands,
  requestCommands,
  artifactCommands,
  signalCommand,
  workerCommand,
  limitCommands,
  tenantCommands,
  doctorCommand,
  dbCommands,
];
