import { execFile } from "node:child_process";
import { lstatSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import type { Origin } from "../../core/plan/plan.ts";
import type { StepError } from "../../core/step/outcome.ts";
import { hopeless } from "../tried.ts";

/** Whether commands can be put into a sandbox here, as found by doing it. */
export type SandboxProbe =
  | { readonly works: true; readonly program: string }
  | { readonly works: false; readonly why: string };

/** How a command is to be run. */
export type CommandPlan =
  | { readonly kind: "direct" }
  | { readonly kind: "sandbox"; readonly program: string }
  | { readonly kind: "refused"; readonly error: StepError };

/**
 * Who may run commands how (SEC-42). A person's own text runs as that person, as with `make`. All
 * other texts run in a sandbox; where there is none they do not run, unless the operator has said
 * that they may.
 */
export function commandPlan(
  origin: Pick<Origin, "trust">,
  probe: SandboxProbe,
  unsafeExec: boolean,
): CommandPlan {
  if (origin.trust === "operator") return { kind: "direct" };
  if (probe.works) return { kind: "sandbox", program: probe.program };
  if (unsafeExec) return { kind: "direct" };
  const message =
    `commands of plans that are not the operator's own file run in a sandbox, and none works here (${probe.why}): ` +
    "install bubblewrap, or allow them without one by --unsafe-exec";
  return { kind: "refused", error: hopeless("sandbox-missing", message) };
}

/** What a sandboxed command sees of the machine besides its system's programs. */
export interface SandboxView {
  /** The one folder that it may write to. */
  readonly workspace: string;
  readonly cwd: string;
  /** Single files that it may read. */
  readonly files: readonly string[];
}

/**
 * A command inside bubblewrap: no network, no other processes, no capabilities, the system's
 * programs to be read and one folder to be written. `--clearenv` is not needed: the environment that
 * it inherits was made from nothing (`environment.ts`), and a value on bubblewrap's own command line
 * could be read by every user of the machine.
 */
export function inSandbox(
  argv: readonly string[],
  program: string,
  view: SandboxView,
): readonly string[] {
  return [
    program,
    ...ISOLATION,
    ...SYSTEM,
    "--bind",
    view.workspace,
    view.workspace,
    ...view.files.flatMap((file) => ["--ro-bind", file, file]),
    "--chdir",
    view.cwd,
    "--",
    ...argv,
  ];
}

const ISOLATION = [
  "--unshare-all",
  "--die-with-parent",
  "--new-session",
  "--cap-drop",
  "ALL",
] as const;

/** What programs need of `/etc` to run at all. */
const SETTINGS = [
  "alternatives",
  "group",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "nsswitch.conf",
  "passwd",
].map((name) => `/etc/${name}`);

const SYSTEM: readonly string[] = [
  "--ro-bind",
  "/usr",
  "/usr",
  ...["/bin", "/sbin", "/lib", "/lib32", "/lib64"].flatMap(systemFolder),
  ...SETTINGS.flatMap((path) => ["--ro-bind-try", path, path]),
  "--proc",
  "/proc",
  "--dev",
  "/dev",
  "--tmpfs",
  "/tmp",
];

/** Most systems keep these below `/usr` and link to them. */
function systemFolder(path: string): readonly string[] {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? ["--symlink", readlinkSync(path), path] : ["--ro-bind-try", path, path];
}

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Tries the sandbox by running something in it: that a program is installed does not mean that the
 * kernel lets it work.
 */
export async function probeSandbox(program = "bwrap"): Promise<SandboxProbe> {
  const args = [...ISOLATION, ...SYSTEM, "--", "/bin/sh", "-c", ":"];
  try {
    await run(program, args, { timeout: PROBE_TIMEOUT_MS });
    return { works: true, program };
  } catch (error) {
    return { works: false, why: describe(error, program) };
  }
}

function describe(error: unknown, program: string): string {
  if (!(error instanceof Error)) return String(error);
  if (Reflect.get(error, "code") === "ENOENT") return `there is no program ${program}`;
  const said = String(Reflect.get(error, "stderr") ?? "").trim();
  return said === "" ? error.message : said;
}
