#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

// What is compiled once need not be compiled at each start: it halves the time to the first step.
// In the user's own folder, since whoever may write there decides what runs.
const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
enableCompileCache(join(cache, "planwright"));

const { runProgram } = await import("./program.ts");
const { flushed } = await import("./screen/face.ts");
const code = await runProgram(process.argv.slice(2));
await flushed();
process.exit(code);
