import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Readable, Writable } from "node:stream";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "src", "cli", "main.ts");

/** How one command ended and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line as child processes, in a folder of its own. */
export class Cli implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "planwright-cli-"));
  readonly #running = new Set<Running>();

  /** Writes a file and gives its name. */
  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  run(...args: readonly string[]): Promise<Ran> {
    return this.start(...args).ended;
  }

  /** A command that must do what it was asked. */
  async must(...args: readonly string[]): Promise<Ran> {
    const ran = await this.run(...args);
    if (ran.code !== 0)
      throw new Error(`${args.join(" ")}: ${ran.code}\n${ran.stdout}${ran.stderr}`);
    return ran;
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    const { stdout } = await this.must(...args, "--json");
    return JSON.parse(stdout) as T;
  }

  start(...args: readonly string[]): Running {
    return this.startWith({}, ...args);
  }

  startWith(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Running {
    const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...args], {
      cwd: this.folder,
      env: environmentOf(environment),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const running = new Running(child);
    this.#running.add(running);
    return running;
  }

  /** A command of somebody who may not do what every administrator may. */
  asPlainUser(...args: readonly string[]): Promise<Ran> {
    const command = [process.execPath, ...NODE_FLAGS, MAIN, ...args];
    const [program = "", ...words] = isAdministrator() ? [...WITHOUT_RIGHTS, ...command] : command;
    const child = spawn(program, words, {
      cwd: this.folder,
      env: environmentOf({}),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const running = new Running(child);
    this.#running.add(running);
    return running.ended;
  }

  /** A command as somebody sees it who sits at a terminal. */
  atTerminal(...args: readonly string[]): Running {
    const command = [process.execPath, ...NODE_FLAGS, MAIN, ...args].map(quoted).join(" ");
    const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: this.folder,
      env: environmentOf({ TERM: "xterm", NO_COLOR: "1" }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const running = new Running(child);
    this.#running.add(running);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) running.kill("SIGKILL");
    await Promise.all([...this.#running].map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const NODE_FLAGS = ["--conditions=source"];

/** Whether the rights of files bind a command here. */
export function canBePlainUser(): boolean {
  const [program, ...words] = WITHOUT_RIGHTS;
  return !isAdministrator() || spawnSync(program, [...words, "true"]).status === 0;
}

const WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] as const;

function isAdministrator(): boolean {
  return process.getuid?.() === 0;
}

/** A child process with what it has said so far. */
export class Running {
  readonly ended: Promise<Ran>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #stdout = "";
  #stderr = "";
  #more = Promise.withResolvers<void>();

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#heard();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#heard();
    });
    // Whoever has ended reads no more.
    child.stdin.on("error", () => undefined);
    this.ended = once(child, "close").then(([code]: readonly unknown[]) => ({
      code: typeof code === "number" ? code : null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  get said(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves when a text has been said; throws where the process ends without it. */
  async says(what: string | RegExp): Promise<RegExpMatchArray> {
    const text = typeof what === "string" ? new RegExp(RegExp.escape(what)) : what;
    for (;;) {
      const found = this.said.match(text);
      if (found !== null) return found;
      const more = Promise.race([this.#more.promise, this.ended.then(() => "ended" as const)]);
      if ((await more) !== "ended") continue;
      const last = this.said.match(text);
      if (last !== null) return last;
      throw new Error(`it ended without saying ${String(what)}:\n${this.said}`);
    }
  }

  #heard(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  type(line: string): void {
    this.#child.stdin.write(line);
  }

  endInput(text = ""): void {
    this.#child.stdin.end(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Nothing of the machine's own settings, and one cache of compiled code for all. */
function environmentOf(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "LANG", "TMPDIR"].map((name) => [name, process.env[name]]);
  const cache = join(ROOT, "node_modules", ".cache", "planwright-tests");
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: cache, ...more };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** What `run --json` and `plan show --json` say, as far as tests look at it. */
export interface Shown {
  readonly plan: {
    readonly id: string;
    readonly status: string;
    readonly condition: string | null;
    readonly name: string;
    readonly answer: unknown;
    readonly digest: string;
    readonly partial: boolean;
    readonly error: { readonly code: string } | null;
  };
  readonly steps: Readonly<
    Record<
      string,
      {
        readonly status: string;
        readonly attempts: number;
        readonly output: unknown;
        readonly reason: string | null;
        readonly artifacts: readonly { readonly id: string; readonly name: string }[];
      }
    >
  >;
  readonly requests: readonly { readonly id: string; readonly stepKey: string | null }[];
}

/** The words of a command line that was suggested, without the program. */
export function words(commandLine: string): readonly string[] {
  return commandLine.trim().split(/\s+/).slice(1);
}
