import { setTimeout as pause } from "node:timers/promises";
import type { SpawnedProcess } from "../../engine/executor.ts";
import { UNKNOWN_START, findGroup, findProcess, isAlive } from "./process-table.ts";

/** What became of a process group that a dead worker left behind. */
export type GroupEnd =
  /** Nothing of it runs any more. */
  | "gone"
  /** The number belongs to somebody else by now, or it cannot be told whose it is. */
  | "not-ours"
  /** It was killed and is still there: stuck in the kernel, or another user's. */
  | "alive";

/** A killed process that is not gone by then is stuck. */
const PATIENCE_MS = 5000;
const LOOK_AGAIN_MS = 10;

/**
 * Ends a process group for good, whoever started it, and waits until nothing of it runs. The start
 * time tells the leader from a stranger that got its number. Without `/proc` no start time is known
 * and nothing is killed: there the life line alone ends what a dead worker left.
 */
export async function endProcessGroup(leader: SpawnedProcess): Promise<GroupEnd> {
  const first = judgeGroup(leader);
  if (first !== "ours") return first;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_AGAIN_MS) {
    if (!killGroup(leader.pid, "SIGKILL") || judgeGroup(leader) !== "ours") return "gone";
    await pause(LOOK_AGAIN_MS);
  }
  return "alive";
}

/** Sends a signal to every process of a group; false where there is nobody to send it to. */
export function killGroup(group: number, signal: "SIGTERM" | "SIGKILL"): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: somebody is there, and is not ours to kill.
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}

/**
 * Whose group it is. A leader that still has its entry has its start time; one that is gone has left
 * its number to the group, which nobody else can get while a member lives.
 */
function judgeGroup(leader: SpawnedProcess): "ours" | "gone" | "not-ours" {
  if (leader.startTicks === UNKNOWN_START) return "not-ours";
  const members = findGroup(leader.pid);
  if (members === null) return "not-ours";
  const entry = findProcess(leader.pid);
  if (entry !== null && entry.startTicks !== leader.startTicks) return "not-ours";
  if (entry !== null && isAlive(entry)) return "ours";
  return members.some((member) => member.session === leader.pid) ? "ours" : "gone";
}
