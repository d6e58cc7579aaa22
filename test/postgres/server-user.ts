import { execFileSync } from "node:child_process";
import process from "node:process";

/** Whom the processes of a server run as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const NAME = "postgres";
const MAKE_USER = [
  ["groupadd", "--force", "--system", NAME],
  ["useradd", "--system", "--gid", NAME, "--no-create-home", NAME],
] as const;

/** Postgres refuses root: the user it runs as then, made where there is none. Null: as ourselves. */
export function ensureServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const user = findServerUser();
  if (user !== null) return user;
  try {
    for (const [command, ...words] of MAKE_USER) execFileSync(command, words, { stdio: "pipe" });
  } catch (cause) {
    // Another run may have made it at the same time.
    const made = findServerUser();
    if (made !== null) return made;
    throw new Error(`Postgres does not run as root, and the user ${NAME} cannot be made`, {
      cause,
    });
  }
  const made = findServerUser();
  if (made === null) throw new Error(`the user ${NAME} was made and cannot be found`);
  return made;
}

/** The user that root's servers run as; null where there is none. */
export function findServerUser(): ServerUser | null {
  try {
    return { uid: readId("-u"), gid: readId("-g") };
  } catch {
    return null;
  }
}

function readId(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, NAME], { encoding: "utf8", stdio: "pipe" }));
}
