import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The streams of a command: what it is handed, and where its output is read. */
export interface CommandStreams {
  /** For `stdio` of `spawn`; `"pipe"` where the system has no named pipes. */
  readonly stdin: number | "ignore";
  readonly stdout: number | "pipe";
  readonly stderr: number | "pipe";
  /** Null where `spawn` makes them. */
  readonly readers: { readonly stdout: Socket; readonly stderr: Socket } | null;
  /** Closes our copies of the command's ends; to be called once it has been spawned. */
  release(): void;
}

/**
 * Real pipes for output and a real file for input. What `spawn` calls a pipe is a socket, and a
 * socket cannot be opened by name: `echo … > /dev/stderr` in a script would fail.
 */
export async function openStreams(stdinText: string | undefined): Promise<CommandStreams> {
  const folder = await mkdtemp(join(tmpdir(), "planwright-"));
  try {
    const stdin = stdinText === undefined ? null : await openInput(folder, stdinText);
    const pipes = await openPipes(folder);
    const handedOver = [stdin, pipes?.stdout.writeEnd, pipes?.stderr.writeEnd];
    return {
      stdin: stdin ?? "ignore",
      stdout: pipes?.stdout.writeEnd ?? "pipe",
      stderr: pipes?.stderr.writeEnd ?? "pipe",
      readers: pipes === null ? null : { stdout: pipes.stdout.reader, stderr: pipes.stderr.reader },
      release: () => {
        for (const end of handedOver) if (typeof end === "number") closeSync(end);
      },
    };
  } finally {
    // Whoever has a pipe or file open keeps it; its name is not needed any more.
    await rm(folder, { recursive: true, force: true });
  }
}

interface Pipe {
  readonly reader: Socket;
  readonly writeEnd: number;
}

const run = promisify(execFile);

async function openPipes(folder: string): Promise<{ stdout: Pipe; stderr: Pipe } | null> {
  const paths = [join(folder, "stdout"), join(folder, "stderr")] as const;
  try {
    await run("mkfifo", ["-m", "600", ...paths]);
  } catch {
    return null;
  }
  return { stdout: openPipe(paths[0]), stderr: openPipe(paths[1]) };
}

/** The reading end first and without waiting: opening the other would wait for a reader. */
function openPipe(path: string): Pipe {
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  return { reader: new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd };
}

async function openInput(folder: string, text: string): Promise<number> {
  const path = join(folder, "stdin");
  await writeFile(path, text, { mode: 0o600 });
  return openSync(path, constants.O_RDONLY);
}
