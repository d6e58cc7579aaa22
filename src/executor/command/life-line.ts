/**
 * What `sh` does between being spawned and becoming the command. File descriptor 3 is a pipe whose
 * other end only the worker holds:
 *
 * 1. Nothing begins before a line has come through it, so that the process is on record first.
 * 2. A watchdog waits for its end. The kernel closes the worker's end however the worker dies, and
 *    the watchdog then kills the whole group. It is a grandchild, so that a command that waits for
 *    all its children does not wait for it; it ignores what may be sent to the group in peace, and
 *    holds neither stdout nor stderr.
 * 3. `exec` leaves the command alone: same process, its own exit code and signals, and its words
 *    parsed by nobody.
 *
 * A child that makes a session of its own (`setsid`) is in no group of ours and escapes; the sandbox
 * holds that one too. The watchdog is collected by process 1: where that is the worker itself, in a
 * container without an init, each command leaves an entry behind.
 */
const LIFE_LINE = [
  "IFS= read -r go <&3 || exit 125",
  '( ( trap "" HUP INT QUIT TERM; IFS= read -r go <&3; kill -KILL -$$ ) </dev/null >/dev/null 2>&1 & )',
  "exec 3<&-",
  'exec "$@"',
].join("\n");

/** The file and arguments that spawn a command on a life line. */
export function onLifeLine(argv: readonly string[]): { file: string; args: readonly string[] } {
  return { file: "/bin/sh", args: ["-c", LIFE_LINE, "sh", ...argv] };
}

/** What is written into the pipe to let the command begin. */
export const GO = "go\n";
