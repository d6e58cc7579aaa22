#!/usr/bin/env node
// By its default: an older Node has no `enableCompileCache`, and must get as far as being told so.
import nodeModule from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import process from "node:process";

refuseOldNode();
keepCompiledCode();
const { runProgram } = await import("./program.ts");
const { flushed } = await import("./screen/face.ts");
const code = await runProgram(process.argv.slice(2));
await flushed();
process.exit(code);

/** As `engines` says; npm only warns. */
function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 21)) return;
  const found = process.versions.node;
  process.stderr.write(
    `planwright: Node 24.21 or later is needed, and this is Node ${found}: \`npm install node@24\` brings one for this folder\n`,
  );
  process.exit(2);
}

/**
 * What is compiled once need not be compiled at each start: it halves the time to the first step
 * (`bench/start.ts`). In the user's own folder, since whoever may write there decides what runs.
 */
function keepCompiledCode(): void {
  const folder = cacheFolder();
  if (isAbsolute(folder)) nodeModule.enableCompileCache(join(folder, "planwright"));
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
