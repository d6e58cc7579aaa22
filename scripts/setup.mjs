// Brings node_modules in line with package-lock.json, and with it the Node that everything else runs on.
// Plain JavaScript on purpose: the first run happens on whatever Node the machine came with.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "node_modules", ".planwright-setup");
const nodeFile = join(root, "node_modules", ".bin", "node");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (process.argv.includes("--stamp")) {
  // npm calls this after it has changed node_modules by itself, so that the next script does not install again.
  if (existsSync(nodeFile)) writeFileSync(stampFile, wanted);
} else if (readStamp() !== wanted || !existsSync(nodeFile)) {
  install();
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";
}

function install() {
  runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  // Where install scripts are switched off, the one package that needs its own is named.
  if (!nodeRuns()) runNpm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  if (!nodeRuns())
    fail("node_modules/.bin/node does not run: the package `node` needs its install script");
  writeFileSync(stampFile, wanted);
}

function runNpm(args) {
  const { status, error } = spawnSync("npm", args, {
    cwd: root,
    env: outsideEnvironment(),
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error !== undefined) fail(`npm does not start: ${error.message}`);
  if (status !== 0) fail(`npm ${args.join(" ")} ended with ${status}`);
}

/** The environment as it was before npm: `npm ci` deletes the Node that node_modules puts first on the PATH. */
function outsideEnvironment() {
  const whereFrom =
    /^npm_config_(registry|userconfig|globalconfig|cache|cafile|proxy|https_proxy)$/;
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("npm_") || whereFrom.test(name)) env[name] = value;
  }
  env.PATH = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  return env;
}

function nodeRuns() {
  return existsSync(nodeFile) && spawnSync(nodeFile, ["--version"]).status === 0;
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}
