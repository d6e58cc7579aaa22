// Packs what would be published, and uses it as a stranger would: types, imports, the command.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planwright-package-"));
const installed = join(folder, "node_modules", "planwright");
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own package.json
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const faults: string[] = [];

try {
  installPacked();
  await lintManifest();
  checkFiles();
  checkTypes();
  checkImports();
  checkCommands();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) process.stderr.write(`package: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function installPacked(): void {
  const npm = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  run("npm", npm, root);
  const [tarball] = globSync("*.tgz", { cwd: folder });
  if (tarball === undefined) throw new Error("npm pack left no tarball");
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"], folder);
  for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
}

async function lintManifest(): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  faults.push(...messages.map((message) => formatMessage(message, pkg, { color: false }) ?? ""));
}

function checkFiles(): void {
  const files = globSync("{dist,src}/**/*.*", { cwd: installed });
  for (const file of files) {
    if (/\.(?:test|test-d|bench)\./.test(file)) faults.push(`${file} is a test`);
    const inside = readFileSync(join(installed, file), "utf8");
    if (inside.includes(root)) faults.push(`${file} names a folder of this machine`);
  }
  for (const asset of globSync("src/**/*.{sql,json}", { cwd: root })) {
    const built = asset.replace(/^src/, "dist");
    if (!existsSync(join(installed, built))) faults.push(`${built} is missing`);
  }
}

function checkTypes(): void {
  const lines = entries().map((name, index) => `export * as entry${index} from "${name}";`);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "user.ts"), `${lines.join("\n")}\n`);
  const flags = ["--noEmit", "--strict", "--target", "esnext", "--types", "node"];
  const compiler = join(root, "node_modules", ".bin", "tsc");
  run(compiler, [...flags, "--module", "nodenext", "user.ts"], folder);
  run(
    compiler,
    [...flags, "--module", "esnext", "--moduleResolution", "bundler", "user.ts"],
    folder,
  );
}

function checkImports(): void {
  for (const name of entries()) {
    run(process.execPath, ["--input-type=module", "--eval", `await import("${name}")`], folder);
  }
}

function checkCommands(): void {
  for (const file of Object.values(manifest.bin)) {
    run(process.execPath, [join(installed, file), "--version"], folder);
  }
}

function entries(): readonly string[] {
  return Object.keys(manifest.exports)
    .filter((path) => !path.endsWith(".json"))
    .map((path) => path.replace(".", "planwright"));
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0)
    faults.push(`${command} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
}
