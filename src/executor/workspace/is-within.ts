import { isAbsolute, relative, sep } from "node:path";

/** Whether a path is a folder or lies below it. Both are real paths: no links are followed here. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
