import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { findProcess, isAlive } from "../../src/executor/command/process-table.ts";
import { until } from "../torture/process/until.ts";
import { connected } from "./connected.ts";
import { createDatabaseOn, type TestDatabase } from "./create-database-on.ts";
import { dataFolderOf, findChildren, findServerStatus } from "./server-process.ts";
import type { ServerUser } from "./server-user.ts";

export interface ServerPlace {
  readonly folder: string;
  /** The folder that holds `bin` and `lib`. */
  readonly native: string;
  readonly user: ServerUser | null;
  readonly port: number;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Whose connections are meant; without a word, everybody's. */
export interface BackendFilter {
  readonly database?: string;
  readonly applicationName?: string;
}

const PATIENCE_MS = 60_000;
const LOG_TAIL = 2000;
const ABANDON_WAITS = 100;
const ABANDON_WAIT_MS = 10;

/** What has been started here and not ended yet: nothing of it may outlive this process. */
const LIVING = new Set<PostgresServer>();
process.once("exit", () => {
  for (const server of LIVING) server.abandon();
});

/** A real server in a folder and on a port of its own, which may be stopped, killed and started again. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  readonly #place: ServerPlace;
  #process: ChildProcess | null = null;
  #exit: Promise<unknown> = Promise.resolve();

  constructor(place: ServerPlace) {
    this.#place = place;
    this.port = place.port;
    this.folder = place.folder;
  }

  /** Of its first process; null while it does not run. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** As the superuser `postgres`. */
  get url(): string {
    return `postgres://postgres:${this.#place.password}@127.0.0.1:${this.port}/postgres`;
  }

  /** The end of what it has written down of itself. */
  get log(): string {
    return readFileSync(this.#logFile, "utf8").slice(-LOG_TAIL);
  }

  createDatabase(): Promise<TestDatabase> {
    return createDatabaseOn(this.url);
  }

  /** Begins, in the same folder and on the same port each time; resolves once it takes connections. */
  async start(): Promise<void> {
    if (this.#process !== null) throw new Error(`the server ${this.pid} runs already`);
    const { native, user, folder, settings } = this.#place;
    const log = openSync(this.#logFile, "a");
    const started = spawn(join(native, "bin", "postgres"), this.#words(settings), {
      ...user,
      cwd: folder,
      env: { LC_ALL: "C" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#process = started;
    LIVING.add(this);
    this.#exit = once(started, "exit").finally(() => {
      this.#process = null;
      LIVING.delete(this);
    });
    await until(`the server in ${folder}`, PATIENCE_MS, async () => {
      if (this.#process === null) {
        await this.#exit;
        throw new Error(`the server in ${folder} ended at once: ${this.log}`);
      }
      const status = findServerStatus(folder);
      return (status?.pid === started.pid && status?.isReady) || null;
    });
  }

  /** `fast` closes it in order; `immediate` is a crash of which it knows: it recovers at its next start. */
  async stop(how: "fast" | "immediate"): Promise<void> {
    this.#process?.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await this.#exit;
  }

  /** Ends all of its processes at the same moment, with nothing said and nothing tidied up. */
  async kill(): Promise<void> {
    const { pid } = this;
    if (pid === null) return;
    // Stopped first: it begins no process meanwhile.
    this.#process?.kill("SIGSTOP");
    const children = findChildren(pid);
    for (const one of [...children, pid]) endNow(one);
    await this.#exit;
    await until(`the end of the processes of ${pid}`, PATIENCE_MS, () => {
      return children.every(isGone) || null;
    });
  }

  /** Ends connections from the server's side, as an administrator would; says how many. */
  async terminateBackends(filter: BackendFilter = {}): Promise<number> {
    const { database = null, applicationName = null } = filter;
    return connected(this.url, async (client) => {
      const { rows } = await client.query<{ terminated: boolean }>(TERMINATE, [
        database,
        applicationName,
      ]);
      return rows.filter(({ terminated }) => terminated).length;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("immediate");
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends it at once and in one go, for when this process ends itself. */
  abandon(): void {
    const { pid } = this;
    this.#process?.kill("SIGQUIT");
    // What still writes cannot be removed.
    if (pid !== null) waitForEnd(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #logFile(): string {
    return join(this.folder, "log");
  }

  #words(settings: ServerPlace["settings"]): readonly string[] {
    const all = Object.entries({ ...settings, port: String(this.port) });
    const data = dataFolderOf(this.folder);
    return ["-D", data, ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  }
}

const TERMINATE = `
  select pg_terminate_backend(pid) as terminated
  from pg_stat_activity
  where backend_type = 'client backend'
    and pid <> pg_backend_pid()
    and ($1::text is null or datname = $1)
    and ($2::text is null or application_name = $2)
`;

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** Without the event loop, which ends here. */
function waitForEnd(pid: number): void {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (let waits = 0; waits < ABANDON_WAITS && !isGone(pid); waits += 1) {
    Atomics.wait(nothing, 0, 0, ABANDON_WAIT_MS);
  }
}

function isGone(pid: number): boolean {
  const entry = findProcess(pid);
  return entry === null || !isAlive(entry);
}
