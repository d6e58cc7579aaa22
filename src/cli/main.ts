#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import process from "node:process";

keepCompiledCode();
const { runProgram } = await import("./program.ts");
const { flushed } = await import("./screen/face.ts");
const code = await runProgram(process.argv.slice(2));
await flushed();
process.exit(code);

/**
 * What is compiled once need not be compiled at each start: it halves the time to the first step
 * (`bench/start.ts`). In the user's own folder, since whoever may write there decides what runs.
 */
function keepCompiledCode(): void {
  const folder = cacheFolder();
  if (isAbsolute(folder)) enableCompileCache(join(folder, "planwright"));
}

function cacheFolder(): string {
  const set = process.env["XDG_CACHE_HOME"];
  if (set !== undefined && set !== "") return set;
  try {
    return join(homedir(), ".cache");
  } catch {
    // A user without a name has no home either.
    return "";
  }
}
