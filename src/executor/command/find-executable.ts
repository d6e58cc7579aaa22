import { access, constants, stat } from "node:fs/promises";
import { resolve } from "node:path";

export type Executable =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string };

/** The file that a command's first word means, as a shell would look for it. */
export async function findExecutable(name: string, path: string, cwd: string): Promise<Executable> {
  const candidates = name.includes("/")
    ? [resolve(cwd, name)]
    : path.split(":").map((folder) => resolve(cwd, folder, name));
  let seen: string | null = null;
  for (const candidate of candidates) {
    if (!(await isFile(candidate))) continue;
    if (await isExecutable(candidate)) return { ok: true, path: candidate };
    seen ??= candidate;
  }
  if (seen !== null) {
    return {
      ok: false,
      message: `${seen} is not executable: try chmod +x, or name its interpreter`,
    };
  }
  const where = name.includes("/") ? `at ${candidates[0]}` : `on the PATH (${path})`;
  return { ok: false, message: `there is no program ${JSON.stringify(name)} ${where}` };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
