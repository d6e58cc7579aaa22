import { statfsSync } from "node:fs";
import { StoreFault } from "../../store.ts";

/** Filesystems on which locks and shared memory do not work as SQLite needs them, by `statfs` type. */
const UNFIT: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
]);

/** Refuses a folder that is on another machine, as far as one can see (S10). */
export function checkFilesystem(
  folder: string,
  typeOf: (folder: string) => number = filesystemType,
): void {
  const name = UNFIT.get(typeOf(folder));
  if (name === undefined) return;
  const message = `${folder} is on ${name}, where file locks cannot be trusted and the store would be damaged: put it on a local disk`;
  throw new StoreFault("unsupported", message);
}

function filesystemType(folder: string): number {
  return statfsSync(folder).type;
}
